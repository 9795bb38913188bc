//! Time: instants are UTC with microseconds (what PostgreSQL stores); days are those of calendars in Italy, as `italian_day`
//! tells them in SQL.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SubsecRound, TimeZone, Utc};
use chrono_tz::Europe::Rome;

tokio::task_local! {
    static ENTERED_AS_OF: DateTime<Utc>;
}

/// The present instant, cut to microseconds so that what is stored equals what is answered. Within [`as_of`], the
/// instant given there.
pub fn now() -> DateTime<Utc> {
    ENTERED_AS_OF.try_with(|instant| *instant).unwrap_or_else(|_| Utc::now()).trunc_subsecs(6)
}

/// Runs what enters acts of the past, such as a history that is loaded, as if it were `instant`: every rule that looks at
/// the clock judges them by the day on which they were done. No request may choose its time, so no handler calls this.
pub async fn as_of<F: Future>(instant: DateTime<Utc>, acts: F) -> F::Output {
    ENTERED_AS_OF.scope(instant, acts).await
}

/// "15/05/2020 ore 14:00": what calendars and clocks in Italy show at an instant, for texts that people read.
pub fn italian_time(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&Rome).format("%d/%m/%Y ore %H:%M").to_string()
}

/// The day that calendars in Italy show at an instant.
pub fn italian_day(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&Rome).date_naive()
}

/// The day that calendars in Italy show now.
pub fn today() -> NaiveDate {
    italian_day(now())
}

/// The first instant of a day in Italy, where clocks are never changed at midnight.
pub fn italian_midnight(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    Rome.from_local_datetime(&midnight).earliest().map_or_else(|| midnight.and_utc(), |instant| instant.to_utc())
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

    #[tokio::test]
    async fn acts_of_the_past_have_their_own_present() {
        let then = "2020-07-01T09:00:00Z".parse().unwrap();
        assert_eq!(as_of(then, async { now() }).await, then);
        assert!(now() > then, "only what is entered so is of the past");
    }

    #[test]
    fn italian_clocks_are_ahead_by_one_hour_in_winter_and_two_in_summer() {
        assert_eq!(italian_time("2020-05-15T12:00:00Z".parse().unwrap()), "15/05/2020 ore 14:00");
        assert_eq!(italian_time("2020-12-31T23:30:00Z".parse().unwrap()), "01/01/2021 ore 00:30");
    }

    #[test]
    fn a_day_in_italy_begins_before_it_does_in_utc() {
        assert_eq!(italian_day("2026-02-28T22:59:59Z".parse().unwrap()), day("2026-02-28"));
        assert_eq!(italian_day("2026-02-28T23:00:00Z".parse().unwrap()), day("2026-03-01"));
        assert_eq!(italian_day("2026-07-31T22:00:00Z".parse().unwrap()), day("2026-08-01"));
    }

    #[test]
    fn midnight_in_italy_is_the_first_instant_of_its_day() {
        for text in
            ["2026-01-01", "2026-03-29", "2026-03-30", "2026-10-25", "2026-10-26", "0001-01-01", "9999-12-31"]
        {
            let midnight = italian_midnight(day(text));
            assert_eq!(italian_day(midnight), day(text));
            assert_eq!(italian_day(midnight - chrono::Duration::microseconds(1)), day(text).pred_opt().unwrap());
        }
        assert_eq!(italian_midnight(day("2026-07-01")), "2026-06-30T22:00:00Z".parse::<DateTime<Utc>>().unwrap());
    }

    #[test]
    fn leap_day_births_age_on_the_first_of_march() {
        let birth = day("2020-02-29");
        assert_eq!(age_on(birth, day("2021-02-28")), Some(0));
        assert_eq!(age_on(birth, day("2021-03-01")), Some(1));
    }
}
