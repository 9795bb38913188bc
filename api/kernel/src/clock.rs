//! Time: instants are UTC with microseconds (what PostgreSQL stores), days are UTC calendar days.

use chrono::{DateTime, Datelike, NaiveDate, SubsecRound, Utc};

/// The present instant, cut to microseconds so that what is stored equals what is answered.
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// Whole years reached on `day` by a person born on `birth`; `None` before birth.
/// Born on 29 February, one comes of age on 1 March of common years.
pub fn age_on(birth: NaiveDate, day: NaiveDate) -> Option<u32> {
    if day < birth {
        return None;
    }
    let years = day.year() - birth.year();
    let before_birthday = (day.month(), day.day()) < (birth.month(), birth.day());
    u32::try_from(years - i32::from(before_birthday)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn age_changes_on_the_birthday() {
        let birth = day("2010-06-15");
        assert_eq!(age_on(birth, day("2026-06-14")), Some(15));
        assert_eq!(age_on(birth, day("2026-06-15")), Some(16));
        assert_eq!(age_on(birth, day("2010-06-14")), None);
    }

    #[test]
    fn leap_day_births_age_on_the_first_of_march() {
        let birth = day("2020-02-29");
        assert_eq!(age_on(birth, day("2021-02-28")), Some(0));
        assert_eq!(age_on(birth, day("2021-03-01")), Some(1));
    }
}
