use chrono::NaiveDate;
use proptest::prelude::*;

use super::{BirthplaceCode, IdentifierError, OrganisationTaxCode, Sex, TaxCode, VatNumber};

const DIGIT_POSITIONS: [usize; 7] = [6, 7, 9, 10, 12, 13, 14];
const MARIO: &str = "RSSMRA80A01F205X";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn sex(letter: &str) -> Sex {
    if letter == "F" { Sex::Female } else { Sex::Male }
}

fn outcome<T>(parsed: Result<T, IdentifierError>) -> &'static str {
    parsed.map_or_else(IdentifierError::rule, |_| "ok")
}

#[test]
fn vectors_of_independent_programs_agree() {
    let rows = include_str!("vectors.tsv").lines().filter(|line| !line.starts_with('#'));
    let mut count = 0;
    for row in rows {
        match row.split('\t').collect::<Vec<_>>()[..] {
            ["compute", family, given, born, letter, place, code] => {
                let place = place.parse().unwrap();
                let computed = TaxCode::compute(family, given, day(born), sex(letter), place);
                assert_eq!(computed.unwrap().as_str(), code, "{row}");
            }
            ["person", text, "ok", canonical, letter, born, place] => {
                let code = TaxCode::parse(text).unwrap();
                assert_eq!(code.as_str(), text.trim().to_uppercase(), "{row}");
                assert_eq!(code.canonical().as_str(), canonical, "{row}");
                assert_eq!(code.sex(), sex(letter), "{row}");
                assert_eq!(code.birth_date_in(day("2026-08-01")), Some(day(born)), "{row}");
                assert_eq!(code.birthplace_code().as_str(), place, "{row}");
            }
            ["person", text, rule] => assert_eq!(outcome(TaxCode::parse(text)), rule, "{row}"),
            ["organisation", text, expected] => {
                assert_eq!(outcome(OrganisationTaxCode::parse(text)), expected, "{row}");
            }
            ["vat", text, expected] => {
                assert_eq!(outcome(VatNumber::parse(text)), expected, "{row}");
            }
            _ => panic!("unknown row: {row}"),
        }
        count += 1;
    }
    assert!(count > 400, "only {count} vectors were read");
}

#[test]
fn the_birth_date_is_the_most_recent_possible() {
    let place = "F205".parse().unwrap();
    let born = |text| TaxCode::compute("Rossi", "Ugo", day(text), Sex::Female, place).unwrap();

    let code = born("2026-03-10");
    assert_eq!(code.birth_date_in(day("2026-03-10")), Some(day("2026-03-10")));
    assert_eq!(code.birth_date_in(day("2026-03-09")), Some(day("1926-03-10")));
    assert_eq!(code.birth_date_in(day("1999-12-31")), Some(day("1926-03-10")));

    let leap_day = born("2000-02-29");
    assert_eq!(leap_day.birth_date_in(day("2026-01-01")), Some(day("2000-02-29")));
    assert_eq!(leap_day.birth_date_in(day("2000-02-28")), None);
}

#[test]
fn names_are_read_alike_however_their_accents_are_encoded() {
    let code = |family| {
        let place = "F205".parse().unwrap();
        TaxCode::compute(family, "Ugo", day("1980-01-01"), Sex::Male, place)
    };
    assert_eq!(code("B\u{f6}"), code("Bo\u{308}"));
    assert_eq!(code("Cal\u{f2}"), code("Calo\u{300}"));
    assert_eq!(code("D\u{2019}Al\u{f2}"), code("dalo"));
    for nameless in ["", "  ", "'", "123", "\u{418}\u{432}\u{430}\u{43d}", "\u{674e}"] {
        assert_eq!(code(nameless), Err(IdentifierError::Name));
    }
}

#[test]
fn every_omocodia_variant_is_another_code_of_the_same_data() {
    let original = TaxCode::parse(MARIO).unwrap();
    let mut variants: Vec<TaxCode> = (0..128).map(|mask| omocodia(original, mask)).collect();
    for variant in &variants {
        assert_eq!(variant.canonical(), original);
        assert_eq!(variant.birthplace_code(), original.birthplace_code());
        assert_eq!(variant.sex(), original.sex());
    }
    variants.sort();
    variants.dedup();
    assert_eq!(variants.len(), 128);
}

#[test]
fn personal_codes_are_never_shown() {
    let person = TaxCode::parse(MARIO).unwrap();
    let trader = OrganisationTaxCode::parse(MARIO).unwrap();
    assert_eq!(format!("{person:?}"), "TaxCode(***)");
    assert_eq!(format!("{trader:?}"), "OrganisationTaxCode(***)");
    assert_eq!(trader.sole_trader(), Some(person));

    let refused = serde_json::from_str::<TaxCode>("\"RSSMRA80A01F205Y\"").unwrap_err();
    assert!(!refused.to_string().contains("RSSMRA"), "{refused}");
}

#[test]
fn json_is_the_plain_string_and_is_checked() {
    let code: TaxCode = serde_json::from_str("\" rssmra80a01f205x \"").unwrap();
    assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{MARIO}\""));
    for refused in ["\"RSSMRA80A01F205Y\"", "null", "16", "[]", "\"\""] {
        assert!(serde_json::from_str::<TaxCode>(refused).is_err(), "{refused}");
    }
    let organisation: OrganisationTaxCode = serde_json::from_str("\"00743110157\"").unwrap();
    assert_eq!(organisation.as_str(), "00743110157");
    assert_eq!(organisation.sole_trader(), None);
    assert!(serde_json::from_str::<VatNumber>("743110157").is_err());
}

/// The variant with letters in the digit positions that `mask` tells, closed by the only check
/// character that makes it valid.
fn omocodia(code: TaxCode, mask: usize) -> TaxCode {
    let mut text = code.as_str().as_bytes().to_vec();
    for (bit, position) in DIGIT_POSITIONS.into_iter().enumerate() {
        if mask & (1 << bit) != 0 {
            text[position] = b"LMNPQRSTUV"[usize::from(text[position] - b'0')];
        }
    }
    let valid: Vec<TaxCode> = (b'A'..=b'Z')
        .filter_map(|check| {
            text[15] = check;
            TaxCode::parse(std::str::from_utf8(&text).unwrap()).ok()
        })
        .collect();
    assert_eq!(valid.len(), 1);
    valid[0]
}

prop_compose! {
    fn person()(
        family in "[A-Za-zàèìòùÄöüßñ' ]{0,8}[A-Za-zàö]",
        given in "[A-Za-zéç-]{1,12}[a-z]",
        born in -20_000..25_000_i32,
        female: bool,
        place in "[A-ILMZ][1-9][0-9]{2}",
    ) -> (TaxCode, NaiveDate, Sex, BirthplaceCode) {
        let born = NaiveDate::from_epoch_days(born).unwrap();
        let sex = if female { Sex::Female } else { Sex::Male };
        let place = place.parse().unwrap();
        (TaxCode::compute(&family, &given, born, sex, place).unwrap(), born, sex, place)
    }
}

proptest! {
    #[test]
    fn a_computed_code_is_read_back((code, born, sex, place) in person()) {
        let read = TaxCode::parse(&code.as_str().to_lowercase());
        prop_assert_eq!(read, Ok(code));
        prop_assert_eq!(code.canonical(), code);
        prop_assert_eq!(code.birth_date_in(born), Some(born));
        prop_assert_eq!(code.sex(), sex);
        prop_assert_eq!(code.birthplace_code(), place);
    }

    /// Digits and their omocodia letters have different check values in every position, so one
    /// changed character never gives another valid code.
    #[test]
    fn one_changed_character_is_refused(
        (code, ..) in person(),
        mask in 0..128_usize,
        position in 0..16_usize,
        other in "[A-Z0-9]",
    ) {
        let variant = omocodia(code, mask);
        let mut changed = variant.as_str().to_owned();
        changed.replace_range(position..=position, &other);
        prop_assert_eq!(TaxCode::parse(&changed).is_ok(), changed == variant.as_str());
    }

    #[test]
    fn one_changed_digit_is_refused(
        number in "[0-7][0-9]{5}[1-9]0[1-9][0-9]",
        at in 0..11_usize,
        other in "[0-9]",
    ) {
        let valid: Vec<String> = (0..10)
            .map(|check| format!("{number}{check}"))
            .filter(|text| VatNumber::parse(text).is_ok())
            .collect();
        prop_assert_eq!(valid.len(), 1);
        prop_assert_eq!(outcome(OrganisationTaxCode::parse(&valid[0])), "ok");

        let mut changed = valid[0].clone();
        changed.replace_range(at..=at, &other);
        prop_assert_eq!(VatNumber::parse(&changed).is_ok(), changed == valid[0]);
    }

    #[test]
    fn any_text_is_answered(
        text in any::<String>(),
        near in "[A-Za-zÀ\u{0}]{6}[0-9L-V]{2}[A-Z][0-9L-V]{2}[A-Z][0-9L-V]{3}[A-Zé]",
    ) {
        let reference = day("2026-01-01");
        let place = "F205".parse().unwrap();
        for text in [&text, &near] {
            if let Ok(code) = TaxCode::parse(text) {
                prop_assert!(code.birth_date_in(reference).is_some_and(|born| born <= reference));
                prop_assert_eq!(TaxCode::parse(code.canonical().as_str()), Ok(code.canonical()));
            }
            let _ = OrganisationTaxCode::parse(text);
            let _ = VatNumber::parse(text);
            let _ = BirthplaceCode::parse(text);
            if let Ok(code) = TaxCode::compute(text, text, reference, Sex::Female, place) {
                prop_assert_eq!(TaxCode::parse(code.as_str()), Ok(code));
            }
        }
    }
}
