//! The identifiers that Italy gives to people and organisations, checked when they enter.
//!
//! A value of these types has passed every formal check that can be made without asking the tax
//! register: [`TaxCode`] (codice fiscale of a person), [`OrganisationTaxCode`] (codice fiscale of
//! an organisation or of a sole trader) and [`VatNumber`] (partita IVA). All are `Copy`, hold their
//! normalised text and allocate nothing, because an import parses 100,000 of them.
//!
//! Rules: decree of the Ministry of Finance 23 December 1976 no. 13813 (how a code is made) and the
//! control programs that Sogei publishes for the Agenzia delle Entrate (what is formally valid).
//! A personal code never reaches a log: neither `Debug` nor an error shows it, and there is no
//! `Display`.

mod name_letters;
mod numeric_code;
mod organisation_tax_code;
mod tax_code;
mod vat_number;

#[cfg(test)]
mod tests;

pub use organisation_tax_code::OrganisationTaxCode;
pub use tax_code::{BirthplaceCode, Sex, TaxCode};
pub use vat_number::VatNumber;

/// The rule that a refused identifier breaks. It never carries the refused value, which may be
/// personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    #[error("the number of characters is wrong")]
    Length,
    #[error("a character is not admitted in its position")]
    Character,
    #[error("the letter of the month of birth is not one of ABCDEHLMPRST")]
    Month,
    #[error("the day of birth does not exist in its month")]
    Day,
    #[error("the code of the birthplace is not of an Italian municipality nor of a foreign state")]
    Birthplace,
    #[error("the serial number of the first seven digits is zero")]
    SerialNumber,
    #[error("the office of digits eight to ten does not exist or does not give such numbers")]
    Office,
    #[error("the last character is not the one that follows from the others")]
    CheckCharacter,
    #[error("a name has no letter of the Latin alphabet, or one outside it")]
    Name,
}

impl IdentifierError {
    /// The stable name of the rule, to sort and count refusals.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Character => "character",
            Self::Month => "month",
            Self::Day => "day",
            Self::Birthplace => "birthplace",
            Self::SerialNumber => "serial_number",
            Self::Office => "office",
            Self::CheckCharacter => "check_character",
            Self::Name => "name",
        }
    }
}

/// The characters of `text` without the blanks around it, in upper case, if they are exactly `N`.
fn characters<const N: usize>(text: &str) -> Result<[u8; N], IdentifierError> {
    let text = text.trim();
    match <[u8; N]>::try_from(text.as_bytes()) {
        Ok(bytes) if bytes.is_ascii() => Ok(bytes.map(|byte| byte.to_ascii_uppercase())),
        // Accented characters take several bytes: whoever counts characters finds them right.
        _ if text.chars().count() == N => Err(IdentifierError::Character),
        _ => Err(IdentifierError::Length),
    }
}

/// Gives a type with `parse` and `as_str` its standard conversions from and to text.
macro_rules! as_text {
    ($identifier:ident, $expected:literal) => {
        impl std::str::FromStr for $identifier {
            type Err = $crate::identifiers::IdentifierError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl serde::Serialize for $identifier {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $identifier {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl serde::de::Visitor<'_> for Text {
                    type Value = $identifier;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        formatter.write_str($expected)
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                        $identifier::parse(text).map_err(E::custom)
                    }
                }

                deserializer.deserialize_str(Text)
            }
        }
    };
}
use as_text;
