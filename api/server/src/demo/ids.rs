//! Identifiers of the demo: the same in every installation, so that outside tools may know them.

use super::dice::hash;
use concilia_kernel::identifiers::{OrganisationTaxCode, VatNumber};
use uuid::{Builder, Uuid};

/// The instant that demo identifiers carry: 2026-01-01T00:00:00Z, in milliseconds.
const INSTANT: u64 = 1_767_225_600_000;

/// A UUIDv7 that depends only on what it names.
pub(super) fn id(kind: &str, name: &str) -> Uuid {
    nth(kind, name, 0)
}

/// As [`id`], for the things that lists show in the order in which they came: later ones have greater ids.
pub(super) fn nth(kind: &str, name: &str, n: u64) -> Uuid {
    let bytes = hash(&format!("{kind}\0{name}\0{n}"));
    let mut chance = [0; 10];
    chance.copy_from_slice(&bytes[..10]);
    Builder::from_unix_timestamp_millis(INSTANT + n, &chance).into_uuid()
}

pub(super) fn territory(code: &str) -> Uuid {
    id("territory", code)
}

pub(super) fn organisation(territory_code: &str, key: &str) -> Uuid {
    id("organisation", &format!("{territory_code}/{key}"))
}

/// An invented VAT number: valid in form, of a series that the office of Cremona never reached.
pub(super) fn vat_number(serial: usize) -> Option<VatNumber> {
    VatNumber::parse(&eleven_digits(7_900_000 + serial)).ok()
}

/// An invented tax code of an organisation without VAT.
pub(super) fn organisation_tax_code(serial: usize) -> Option<OrganisationTaxCode> {
    OrganisationTaxCode::parse(&eleven_digits(9_900_000 + serial)).ok()
}

fn eleven_digits(serial: usize) -> String {
    const CREMONA: &str = "019";
    let digits = format!("{serial:07}{CREMONA}");
    let sum: u32 = digits
        .bytes()
        .enumerate()
        .map(|(index, byte)| {
            let digit = u32::from(byte - b'0');
            match (index % 2, digit) {
                (0, digit) => digit,
                (_, digit) if digit < 5 => digit * 2,
                (_, digit) => digit * 2 - 9,
            }
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invented_numbers_are_valid() {
        for serial in 0..500 {
            assert!(vat_number(serial).is_some());
            assert!(organisation_tax_code(serial).is_some());
        }
    }

    #[test]
    fn identifiers_are_of_version_seven_and_never_change() {
        let crema = organisation("ATS-VALPADANA", "asst-crema");
        assert_eq!(crema.get_version_num(), 7);
        assert_eq!(crema, organisation("ATS-VALPADANA", "asst-crema"));
        assert_ne!(crema, organisation("ATS-VALLEAZZURRA", "asst-crema"));
        assert!(nth("a", "b", 1) < nth("a", "b", 2));
    }
}
