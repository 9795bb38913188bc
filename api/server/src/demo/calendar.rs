//! Days and hours of the demo, relative to the day it is loaded, in Italian time.

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;

/// When sessions of a service take place.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pattern {
    first: First,
    /// 1 is Monday, 7 is Sunday.
    weekday: u8,
    from: String,
    to: String,
    every_days: u64,
    pub(super) count: u64,
    /// Days from the first to the last of one session, both included.
    days: u64,
    pub(super) capacity: i32,
}

/// Where the series begins: from the second week after loading, or from the second week of next June.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum First {
    Soon,
    Summer,
}

impl Pattern {
    /// Starts and ends of the sessions; `shift` moves a one-day session along the working week, so that
    /// providers of the same service do not all meet on the same day.
    pub(super) fn sessions(&self, today: NaiveDate, shift: u64) -> Option<Vec<(DateTime<Utc>, DateTime<Utc>)>> {
        let earliest = match self.first {
            First::Soon => today.checked_add_days(Days::new(7))?,
            First::Summer => next_summer(today)?,
        };
        let on_working_day = self.days == 1 && self.weekday <= 5;
        let weekday =
            if on_working_day { (u64::from(self.weekday) - 1 + shift) % 5 } else { u64::from(self.weekday) - 1 };
        let ahead = (7 + weekday - u64::from(earliest.weekday().num_days_from_monday())) % 7;
        let first = earliest.checked_add_days(Days::new(ahead))?;
        let (from, to) = (self.from.parse().ok()?, self.to.parse().ok()?);
        (0..self.count)
            .map(|n| {
                let starts_on = first.checked_add_days(Days::new(n * self.every_days))?;
                let ends_on = starts_on.checked_add_days(Days::new(self.days - 1))?;
                Some((in_italy(starts_on, from)?, in_italy(ends_on, to)?))
            })
            .collect()
    }
}

/// 8 June of the first summer that begins at least three weeks from now.
fn next_summer(today: NaiveDate) -> Option<NaiveDate> {
    let soon = today.checked_add_days(Days::new(21))?;
    [today.year(), today.year() + 1]
        .into_iter()
        .filter_map(|year| NaiveDate::from_ymd_opt(year, 6, 8))
        .find(|day| *day >= soon)
}

/// The instant of an Italian clock: an hour ahead of UTC, two from the last Sunday of March to the last
/// of October.
pub(super) fn in_italy(day: NaiveDate, time: NaiveTime) -> Option<DateTime<Utc>> {
    let summer_begins = last_sunday(day.year(), 3)?;
    let summer_ends = last_sunday(day.year(), 10)?;
    let ahead = if (summer_begins..summer_ends).contains(&day) { 2 } else { 1 };
    Some((day.and_time(time) - Duration::hours(ahead)).and_utc())
}

fn last_sunday(year: i32, month: u32) -> Option<NaiveDate> {
    let last = NaiveDate::from_ymd_opt(year, month, 31)?;
    last.checked_sub_days(Days::new(u64::from(last.weekday().num_days_from_sunday())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Weekday;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn italian_clocks_change_twice_a_year() {
        let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
        let utc = |text| in_italy(day(text), noon).unwrap().to_rfc3339();
        assert_eq!(utc("2026-01-15"), "2026-01-15T11:00:00+00:00");
        assert_eq!(utc("2026-03-29"), "2026-03-29T10:00:00+00:00");
        assert_eq!(utc("2026-10-24"), "2026-10-24T10:00:00+00:00");
        assert_eq!(utc("2026-10-25"), "2026-10-25T11:00:00+00:00");
    }

    #[test]
    fn sessions_are_in_the_future_and_on_the_stated_weekday() {
        let pattern = |first, weekday, days| Pattern {
            first,
            weekday,
            days,
            from: "08:00".into(),
            to: "17:00".into(),
            every_days: 7,
            count: 4,
            capacity: 8,
        };
        for offset in 0..400 {
            let today = day("2026-01-01") + Days::new(offset);
            for first in [First::Soon, First::Summer] {
                let weeks = pattern(first, 1, 5).sessions(today, 3).unwrap();
                assert!(
                    weeks.iter().all(|(from, to)| from.weekday() == Weekday::Mon && to.weekday() == Weekday::Fri)
                );
                assert!(weeks.iter().all(|(from, _)| from.date_naive() >= today + Days::new(7)));
            }
            for shift in 0..9 {
                let afternoons = pattern(First::Soon, 3, 1).sessions(today, shift).unwrap();
                assert!(afternoons.iter().all(|(from, _)| from.weekday().num_days_from_monday() < 5));
                assert!(afternoons.iter().all(|(from, _)| from.date_naive() >= today + Days::new(7)));
            }
        }
    }
}
