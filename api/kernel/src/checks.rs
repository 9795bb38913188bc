//! Checks of single fields, each the twin of a `pattern` or a limit in the contract.

use crate::{Money, today};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use std::collections::HashSet;
use std::hash::Hash;
use validator::ValidationError;

fn refuse_unless(good: bool, code: &'static str) -> Result<(), ValidationError> {
    if good { Ok(()) } else { Err(ValidationError::new(code)) }
}

fn refuse_outside(good: bool, limits: &[(&'static str, &'static str)]) -> Result<(), ValidationError> {
    refuse_unless(good, "range").map_err(|mut error| {
        for (name, limit) in limits {
            error.add_param((*name).into(), limit);
        }
        error
    })
}

/// One line of text that is not blank: `^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$`.
pub fn line(text: &str) -> Result<(), ValidationError> {
    refuse_unless(!text.contains(|c: char| c.is_ascii_control()) && text.contains(|c: char| c > ' '), "pattern")
}

/// Text of several lines that is not blank:
/// `^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$`.
pub fn text(text: &str) -> Result<(), ValidationError> {
    let plain = !text.contains(|c: char| c.is_ascii_control() && c != '\n' && c != '\t');
    refuse_unless(plain && text.contains(|c: char| c > ' '), "pattern")
}

/// Words of lower-case letters and digits joined by underscores: `^[a-z0-9]+(_[a-z0-9]+)*$`.
pub fn code(text: &str) -> Result<(), ValidationError> {
    let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    refuse_unless(text.split('_').all(word), "pattern")
}

/// An amount above zero: `^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$`.
pub fn positive(amount: &Money) -> Result<(), ValidationError> {
    refuse_outside(amount.is_positive(), &[("min", "0.01")])
}

/// An amount of zero or more: `^(0|[1-9]\d{0,9})\.\d{2}$`.
pub fn not_negative(amount: &Money) -> Result<(), ValidationError> {
    refuse_outside(*amount >= Money::ZERO, &[("min", "0.00")])
}

/// A day of this century: `^20\d{2}-`.
#[allow(clippy::trivially_copy_pass_by_ref)] // validator hands out references
pub fn day_of_the_century(day: &NaiveDate) -> Result<(), ValidationError> {
    refuse_outside((2000..2100).contains(&day.year()), &[("min", "2000-01-01"), ("max", "2099-12-31")])
}

/// A day of this century that has begun in Italy: that of an act, of a payment, of a signature.
pub fn past_day(day: &NaiveDate) -> Result<(), ValidationError> {
    day_of_the_century(day)?;
    refuse_unless(*day <= today(), "in_future")
}

/// An instant whose day, as written, is of this century: `^20\d{2}-`. An offset may move it by hours.
pub fn instant_of_the_century(instant: &DateTime<Utc>) -> Result<(), ValidationError> {
    refuse_outside((1999..=2100).contains(&instant.year()), &[("min", "2000-01-01"), ("max", "2099-12-31")])
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
    fn a_line_has_something_in_it_and_no_control_character() {
        assert!(line(" Doposcuola ").is_ok());
        for bad in ["", "  ", "a\nb", "a\0", "\u{7f}"] {
            assert!(line(bad).is_err(), "{bad:?}");
        }
        assert!(text("riga\nriga\t").is_ok());
        for bad in ["", "\n\t", "a\0", "a\rb", "\u{7f}a"] {
            assert!(text(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn codes_are_lower_case_words() {
        for good in ["after_school", "play_space_0_3"] {
            assert!(code(good).is_ok(), "{good}");
        }
        for bad in ["", "After", "a__b", "_a", "a-b", "è"] {
            assert!(code(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_was_done_was_done_by_today() {
        assert!(past_day(&today()).is_ok());
        assert_eq!(past_day(&today().succ_opt().unwrap()).unwrap_err().code, "in_future");
        assert_eq!(past_day(&"1999-12-31".parse().unwrap()).unwrap_err().code, "range");
    }

    #[test]
    fn amounts_are_told_by_their_sign() {
        let amount = |cents| Money::from_cents(cents);
        assert!(positive(&amount(1)).is_ok() && positive(&amount(0)).is_err() && positive(&amount(-1)).is_err());
        assert!(not_negative(&amount(0)).is_ok() && not_negative(&amount(-1)).is_err());
    }
}
