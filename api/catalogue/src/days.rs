//! Calendar days of a filter as instants: a day is one of Italy's calendar.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use concilia_kernel::clock::italian_midnight;
use validator::ValidationError;

/// A day of the years 1 to 9999: the contract's `date` has no others.
#[allow(clippy::trivially_copy_pass_by_ref)] // the signature that `validate` asks for
pub fn in_contract(day: &NaiveDate) -> Result<(), ValidationError> {
    if (1..=9999).contains(&day.year()) { Ok(()) } else { Err(ValidationError::new("range")) }
}

/// An instant of the years up to 9999, likewise.
pub fn instant_in_contract(instant: &DateTime<Utc>) -> Result<(), ValidationError> {
    in_contract(&instant.date_naive())
}

/// The first instant of a day.
pub fn start_of(day: NaiveDate) -> DateTime<Utc> {
    italian_midnight(day)
}

/// The first instant after a day.
pub fn end_of(day: NaiveDate) -> DateTime<Utc> {
    start_of(day.succ_opt().unwrap_or(day))
}
