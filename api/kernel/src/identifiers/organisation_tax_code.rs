use std::fmt;

use super::numeric_code::{NumericCode, Office, SerialNumber, is_vat_office};
use super::{IdentifierError, TaxCode, as_text};

/// Tax code of an organisation (codice fiscale): eleven digits, or for a sole trader the trader's
/// own [`TaxCode`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganisationTaxCode(Form);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Form {
    Numeric(NumericCode),
    SoleTrader(TaxCode),
}

impl OrganisationTaxCode {
    /// Reads either form, with blanks around it and lower case admitted.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        if text.trim().chars().count() == 16 {
            return TaxCode::parse(text).map(|code| Self(Form::SoleTrader(code)));
        }
        NumericCode::parse(text, gives_tax_codes).map(|code| Self(Form::Numeric(code)))
    }

    pub fn as_str(&self) -> &str {
        match &self.0 {
            Form::Numeric(code) => code.as_str(),
            Form::SoleTrader(code) => code.as_str(),
        }
    }

    /// The personal code, if the organisation is a sole trader: then the code is personal data.
    pub fn sole_trader(self) -> Option<TaxCode> {
        match self.0 {
            Form::Numeric(_) => None,
            Form::SoleTrader(code) => Some(code),
        }
    }
}

impl fmt::Debug for OrganisationTaxCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Numeric(code) => write!(formatter, "OrganisationTaxCode({})", code.as_str()),
            Form::SoleTrader(_) => formatter.write_str("OrganisationTaxCode(***)"),
        }
    }
}

as_text!(OrganisationTaxCode, "a tax code of 11 digits or 16 characters");

/// The offices of the published control, which knows more than python-stdnum: serial numbers from
/// 8,000,000 belong to organisations without VAT and come from offices up to 95; 151-245, 301-766
/// and 900-950 are tax offices that gave provisional codes. Office 000 is left out: some of its
/// provisional codes, of 1974-75, carry no check digit.
const fn gives_tax_codes(office: Office, serial_number: SerialNumber) -> bool {
    const FIRST_WITHOUT_VAT: SerialNumber = 8_000_000;
    match office {
        151..=245 | 301..=766 | 900..=950 => true,
        _ if serial_number >= FIRST_WITHOUT_VAT => matches!(office, 1..=95),
        _ => is_vat_office(office),
    }
}
