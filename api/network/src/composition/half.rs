//! Half-years, the rhythm of monitoring.

use chrono::{Datelike, NaiveDate};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Text;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::io::Write as _;
use std::str::FromStr;
use utoipa::ToSchema;

/// Half of a calendar year: `2026-H1` is January to June, `2026-H2` July to December. Held as a count of halves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow, ToSchema)]
#[diesel(sql_type = Text)]
#[schema(value_type = String, min_length = 7, max_length = 7, pattern = r"^20\d{2}-H[12]$", example = "2026-H1")]
pub struct Half(i32);

impl Half {
    /// The half that a day is in; `None` before 2000 and after 2099.
    pub fn of(day: NaiveDate) -> Option<Self> {
        (2000..2100).contains(&day.year()).then(|| Self::new(day.year(), day.month() > 6))
    }

    const fn new(year: i32, second: bool) -> Self {
        Self(year * 2 + second as i32)
    }

    pub const fn year(self) -> i32 {
        self.0 / 2
    }

    const fn is_second(self) -> bool {
        self.0 % 2 == 1
    }

    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year(), if self.is_second() { 7 } else { 1 }, 1).unwrap_or_default()
    }

    pub fn last_day(self) -> NaiveDate {
        self.next().first_day().pred_opt().unwrap_or_default()
    }

    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0 - 1)
    }
}

impl fmt::Display for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-H{}", self.year(), if self.is_second() { 2 } else { 1 })
    }
}

impl FromStr for Half {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = "expected a half-year like 2026-H1";
        let (year, half) = text.split_once("-H").ok_or(refused)?;
        let plain = year.len() == 4 && year.starts_with("20") && year.bytes().all(|b| b.is_ascii_digit());
        let second = match half {
            "1" => false,
            "2" => true,
            _ => return Err(refused),
        };
        if !plain {
            return Err(refused);
        }
        year.parse().map(|year| Self::new(year, second)).map_err(|_| refused)
    }
}

impl Serialize for Half {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Half {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl FromSql<Text, Pg> for Half {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(std::str::from_utf8(bytes.as_bytes())?.parse::<Self>()?)
    }
}

impl ToSql<Text, Pg> for Half {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        write!(out, "{self}")?;
        Ok(IsNull::No)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_are_january_to_june_and_july_to_december() {
        let half: Half = "2026-H2".parse().unwrap();
        assert_eq!(half.first_day().to_string(), "2026-07-01");
        assert_eq!(half.last_day().to_string(), "2026-12-31");
        assert_eq!((half.previous().to_string(), half.next().to_string()), ("2026-H1".into(), "2027-H1".into()));
        for bad in ["2026-H3", "2026", "26-H1", "2026-h1", "+026-H1", "2026-H1 ", "1999-H1", "2026-H"] {
            assert!(bad.parse::<Half>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn each_day_is_in_one_half(days in 10_957_i32..47_482) {
            let day = NaiveDate::from_num_days_from_ce_opt(719_163 + days).unwrap();
            let half = Half::of(day).unwrap();
            prop_assert!(half.first_day() <= day && day <= half.last_day());
            prop_assert_eq!(half.next().previous(), half);
            prop_assert_eq!(half.to_string().parse::<Half>(), Ok(half));
        }
    }
}
