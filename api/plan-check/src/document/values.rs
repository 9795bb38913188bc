//! From a JSON value to a figure, a name, a day. Every value keeps its place, for the findings.

use crate::node::Node;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::fmt;

/// Greatest number that is read, either way.
const GREATEST: i64 = 999_999_999_999_999;
const DECIMALS: u32 = 9;

/// A number of the document: an amount in euro, a share, a count, a score.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    pub(crate) at: String,
    pub(crate) value: Decimal,
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// A word or a name of the document.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) at: String,
    pub(crate) text: String,
}

impl Entry {
    /// What two spellings of one name share: letter case and spacing do not count.
    pub(crate) fn key(&self) -> String {
        key(&self.text)
    }
}

pub(crate) fn key(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

#[derive(Debug, Clone)]
pub(crate) struct Day {
    pub(crate) at: String,
    pub(crate) date: NaiveDate,
}

/// A month, as the first day of it.
#[derive(Debug, Clone)]
pub(crate) struct Month {
    pub(crate) at: String,
    pub(crate) first: NaiveDate,
}

/// A decimal written like `36000`, `36000.0` or `36000.00`, as a string or as a number.
pub(super) fn decimal(node: &Node) -> Option<Decimal> {
    match node {
        Node::Text(text) if is_plain(text) => text.parse().ok(),
        Node::Number(number) => {
            if number.as_f64()?.abs() > GREATEST as f64 {
                return None;
            }
            let text = number.to_string();
            let value = text.parse().or_else(|_| Decimal::from_scientific(&text)).unwrap_or(Decimal::ZERO);
            Some(if value.scale() > DECIMALS { value.round_dp(DECIMALS) } else { value })
        }
        _ => None,
    }
}

fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, cents)| (whole, Some(cents)));
    let some = |digits: &str, most: usize| {
        !digits.is_empty() && digits.len() <= most && digits.bytes().all(|b| b.is_ascii_digit())
    };
    some(whole, 15) && fraction.is_none_or(|fraction| some(fraction, DECIMALS as usize))
}

/// A whole number; 5.0 is one, as for JSON Schema.
pub(super) fn whole(node: &Node) -> Option<Decimal> {
    let Node::Number(_) = node else { return None };
    let value = decimal(node)?;
    value.fract().is_zero().then(|| value.trunc().normalize())
}

pub(crate) fn to_year(value: Decimal) -> Option<i32> {
    value.to_i32()
}

/// What stands where a date should.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Dated {
    On(NaiveDate),
    /// Of the right form, such as 2020-02-30.
    NotInCalendar,
    NoDate,
}

/// A day of the form `2020-02-28`.
pub(super) fn day(node: &Node) -> Dated {
    dated(node, 10, |(year, month, day)| NaiveDate::from_ymd_opt(year, month, day?))
}

/// The first day of a month of the form `2020-02`.
pub(super) fn month(node: &Node) -> Dated {
    dated(node, 7, |(year, month, _)| NaiveDate::from_ymd_opt(year, month, 1))
}

fn dated(node: &Node, length: usize, date: fn((i32, u32, Option<u32>)) -> Option<NaiveDate>) -> Dated {
    let Node::Text(text) = node else { return Dated::NoDate };
    match parts(text, length) {
        Some(parts) => date(parts).map_or(Dated::NotInCalendar, Dated::On),
        None => Dated::NoDate,
    }
}

fn parts(text: &str, length: usize) -> Option<(i32, u32, Option<u32>)> {
    let shaped = text.len() == length
        && text.bytes().enumerate().all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() });
    if !shaped {
        return None;
    }
    Some((text[..4].parse().ok()?, text[5..7].parse().ok()?, text.get(8..10).and_then(|day| day.parse().ok())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Option<Decimal> {
        decimal(&Node::Text(text.to_owned()))
    }

    #[test]
    fn amounts_are_read_in_their_three_spellings_and_in_no_other() {
        for good in ["36000", "36000.0", "36000.00", "-1.5", "0", "999999999999999.999999999"] {
            assert_eq!(text(good).unwrap().to_string(), good);
        }
        for bad in
            ["", "-", "NaN", "1e3", "36.000,00", " 1", "1.", ".5", "+1", "1234567890123456", "1.0123456789", "١"]
        {
            assert!(text(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for (written, read) in [("57142.85", "57142.85"), ("346", "346"), ("1e3", "1000"), ("5e-324", "0")] {
            let node = Node::parse(written).unwrap();
            assert_eq!(decimal(&node).unwrap().normalize().to_string(), read);
        }
        assert!(decimal(&Node::parse("1e300").unwrap()).is_none());
        assert!(whole(&Node::parse("5.5").unwrap()).is_none());
        assert_eq!(whole(&Node::parse("5.0").unwrap()).unwrap().to_string(), "5");
    }

    #[test]
    fn dates_have_one_form_and_need_not_exist() {
        let (day, month) =
            (|text: &str| day(&Node::Text(text.into())), |text: &str| month(&Node::Text(text.into())));
        assert_eq!(day("2020-02-28"), Dated::On(NaiveDate::from_ymd_opt(2020, 2, 28).unwrap()));
        assert_eq!(month("2020-02"), Dated::On(NaiveDate::from_ymd_opt(2020, 2, 1).unwrap()));
        assert_eq!((day("2020-02-30"), month("2020-13")), (Dated::NotInCalendar, Dated::NotInCalendar));
        for text in ["28/02/2020", "2020-2-28", "2020-02-2é", "2020-02", ""] {
            assert_eq!(day(text), Dated::NoDate);
        }
        assert_eq!(month("2020-1"), Dated::NoDate);
    }
}
