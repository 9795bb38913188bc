//! Checks of single fields, each the twin of a `pattern` in the contract.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use concilia_kernel::Money;
use std::collections::HashSet;
use std::hash::Hash;
use validator::ValidationError;

fn refuse_unless(good: bool, code: &'static str) -> Result<(), ValidationError> {
    if good { Ok(()) } else { Err(ValidationError::new(code)) }
}

/// One line of text that is not blank: `^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$`.
pub fn line(text: &str) -> Result<(), ValidationError> {
    refuse_unless(!text.contains(|c: char| c.is_ascii_control()) && text.contains(|c: char| c > ' '), "pattern")
}

/// An amount above zero: `^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$`.
pub fn positive(amount: &Money) -> Result<(), ValidationError> {
    refuse_unless(amount.is_positive(), "range")
}

/// A day of this century: `^20\d{2}-`.
#[allow(clippy::trivially_copy_pass_by_ref)] // validator hands out references
pub fn day_of_the_century(day: &NaiveDate) -> Result<(), ValidationError> {
    refuse_unless((2000..2100).contains(&day.year()), "range")
}

/// An instant whose day, as written, is of this century: `^20\d{2}-`. An offset may move it by hours.
pub fn instant_of_the_century(instant: &DateTime<Utc>) -> Result<(), ValidationError> {
    refuse_unless((1999..=2100).contains(&instant.year()), "range")
}

/// Codes of service categories, each `^[a-z0-9]+(_[a-z0-9]+)*$` of 2 to 60 characters, none repeated.
pub fn category_codes(codes: &[String]) -> Result<(), ValidationError> {
    let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let good = |code: &String| (2..=60).contains(&code.len()) && code.split('_').all(word);
    refuse_unless(codes.iter().all(good), "pattern")?;
    distinct(codes)
}

/// No element twice.
pub fn distinct<T: Eq + Hash>(elements: &[T]) -> Result<(), ValidationError> {
    let mut seen = HashSet::new();
    refuse_unless(elements.iter().all(|element| seen.insert(element)), "duplicate")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn category_codes_are_lower_case_words_and_differ() {
        let codes = |list: &[&str]| category_codes(&list.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(codes(&["after_school", "play_space_0_3"]).is_ok());
        for bad in [&["After"][..], &["a"], &["a__b"], &["_a"], &["after_school", "after_school"]] {
            assert!(codes(bad).is_err(), "{bad:?}");
        }
    }
}
