use std::fmt;

use super::numeric_code::{NumericCode, is_vat_office};
use super::{IdentifierError, as_text};

/// VAT number (partita IVA): eleven digits, without the prefix IT of cross-border trade.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VatNumber(NumericCode);

impl VatNumber {
    /// Reads a number, with blanks around it admitted.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        NumericCode::parse(text, |office, _| is_vat_office(office)).map(Self)
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// VAT numbers are public, those of sole traders too: whoever trades must show theirs.
impl fmt::Debug for VatNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "VatNumber({})", self.as_str())
    }
}

as_text!(VatNumber, "a VAT number of 11 digits");
