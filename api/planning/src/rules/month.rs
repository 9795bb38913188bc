use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use utoipa::ToSchema;

/// A month of the calendar, written `2020-06`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, min_length = 7, max_length = 7, pattern = r"^20\d{2}-(0[1-9]|1[0-2])$", example = "2020-06")]
pub struct Month(NaiveDate);

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    pub fn first_day(self) -> NaiveDate {
        self.0
    }

    pub fn next(self) -> Self {
        Self(self.0.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX))
    }

    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// 1 to 12.
    pub fn number(self) -> u32 {
        self.0.month()
    }

    /// The months from the one of `first` to the one of `last`.
    pub fn between(first: NaiveDate, last: NaiveDate) -> Vec<Self> {
        let last = Self::of(last);
        std::iter::successors(Some(Self::of(first)), |month| Some(month.next()))
            .take_while(|month| *month <= last)
            .collect()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let plain = text.len() == 7 && text.starts_with("20");
        let month = plain.then(|| format!("{text}-01").parse().ok()).flatten();
        month.map(Self).ok_or_else(|| de::Error::custom("a month is written like 2020-06"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Month> {
        serde_json::from_value(serde_json::json!(text)).ok()
    }

    #[test]
    fn a_month_has_one_spelling() {
        assert_eq!(read("2020-06").unwrap().to_string(), "2020-06");
        for bad in ["2020-6", "2020-13", "2020-00", "1999-12", "2020-06-01", "20200-6", "", "20 0-06", "20+1-06"] {
            assert!(read(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn the_months_between_two_days_include_both_ends() {
        let day = |text: &str| text.parse().unwrap();
        let months = Month::between(day("2020-11-30"), day("2021-02-01"));
        let months: Vec<String> = months.iter().map(Month::to_string).collect();
        assert_eq!(months, ["2020-11", "2020-12", "2021-01", "2021-02"]);
        assert!(Month::between(day("2020-02-01"), day("2020-01-31")).is_empty());
    }
}
