//! The eleven digits shared by VAT numbers and tax codes of organisations: serial number (7),
//! office (3), check digit.

use super::{IdentifierError, characters};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NumericCode([u8; 11]);

impl NumericCode {
    /// Checks length, digits, that the serial number is not zero, that the office `gives` such
    /// numbers, and the check digit.
    pub(super) fn parse(
        text: &str,
        gives: impl FnOnce(Office, SerialNumber) -> bool,
    ) -> Result<Self, IdentifierError> {
        let code = Self(characters(text)?);
        if !code.0.iter().all(u8::is_ascii_digit) {
            return Err(IdentifierError::Character);
        }
        let serial_number = code.number(0..7);
        if serial_number == 0 {
            return Err(IdentifierError::SerialNumber);
        }
        if !gives(code.number(7..10), serial_number) {
            return Err(IdentifierError::Office);
        }
        if code.0[10] != code.check_digit() {
            return Err(IdentifierError::CheckCharacter);
        }
        Ok(code)
    }

    pub(super) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    fn number(self, digits: std::ops::Range<usize>) -> u32 {
        self.0[digits].iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
    }

    /// Luhn: each second digit is doubled and its own digits summed.
    fn check_digit(self) -> u8 {
        let sum: u8 = self.0[..10]
            .iter()
            .enumerate()
            .map(|(position, digit)| match (position % 2, digit - b'0') {
                (0, digit) => digit,
                (_, digit @ 5..) => digit * 2 - 9,
                (_, digit) => digit * 2,
            })
            .sum();
        b'0' + (10 - sum % 10) % 10
    }
}

/// Digits eight to ten: the provincial office that gave the number, or a national series.
pub(super) type Office = u32;
/// The first seven digits.
pub(super) type SerialNumber = u32;

/// Provincial offices, and the series 120, 121, 888 and 999 that belong to no province.
pub(super) const fn is_vat_office(office: Office) -> bool {
    matches!(office, 1..=100 | 120 | 121 | 888 | 999)
}
