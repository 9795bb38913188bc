//! Numbers, amounts and dates as they are written in Italian and in English.

use crate::chart::Unit;
use crate::table::{Cell, ColumnKind};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Europe::Rome;
use concilia_kernel::Money;
use concilia_kernel::language::Language;
use rust_decimal::{Decimal, RoundingStrategy};

const MONTHS_IT: [&str; 12] = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(crate) fn month_name(language: Language, day: NaiveDate) -> &'static str {
    let names = if language == Language::Italian { MONTHS_IT } else { MONTHS_EN };
    names.get(day.month0() as usize).copied().unwrap_or_default()
}

/// "15 marzo 2024"; the first of a month is "1° marzo 2024" in Italian.
pub fn long_date(language: Language, day: NaiveDate) -> String {
    let ordinal = if language == Language::Italian && day.day() == 1 { "°" } else { "" };
    format!("{}{ordinal}\u{a0}{}\u{a0}{}", day.day(), month_name(language, day), day.year())
}

/// "15/03/2024" in both languages: the agency's documents are European.
pub fn short_date(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// "15.30" in Italian, "15:30" in English: what clocks in Italy show at an instant.
pub fn clock_time(language: Language, instant: DateTime<Utc>) -> String {
    let layout = if language == Language::Italian { "%H.%M" } else { "%H:%M" };
    instant.with_timezone(&Rome).format(layout).to_string()
}

/// "1.234,56 €" in Italian, "€1,234.56" in English.
pub fn money(language: Language, amount: Money) -> String {
    let text = number(language, amount.decimal(), 2);
    match language {
        Language::Italian => format!("{text}\u{a0}€"),
        Language::English => match text.strip_prefix('−') {
            Some(digits) => format!("−€{digits}"),
            None => format!("€{text}"),
        },
    }
}

/// "87%", "62,5%": two decimals at most, none for whole percentages.
pub fn percent(language: Language, hundredths: Decimal) -> String {
    percent_to(language, hundredths, percent_decimals([hundredths]))
}

/// A percentage with so many decimals.
pub(crate) fn percent_to(language: Language, hundredths: Decimal, decimals: u32) -> String {
    format!("{}%", number(language, hundredths, decimals))
}

/// How many decimals percentages beside each other need: as many as any of them, two at most.
pub(crate) fn percent_decimals(hundredths: impl IntoIterator<Item = Decimal>) -> u32 {
    let rounded = |value: Decimal| value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    hundredths.into_iter().map(|value| rounded(value).normalize().scale()).max().unwrap_or(0)
}

/// A number with grouped thousands and so many decimals; the minus is a minus, not a hyphen.
pub fn number(language: Language, value: Decimal, decimals: u32) -> String {
    let (group, point) = if language == Language::Italian { ('.', ',') } else { (',', '.') };
    let rounded = value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    let text = format!("{:.*}", decimals as usize, rounded.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::new();
    if rounded.is_sign_negative() && !rounded.is_zero() {
        out.push('−');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push(point);
        out.push_str(fraction);
    }
    out
}

/// A cell as it is read on paper.
pub(crate) fn cell(language: Language, cell: &Cell, kind: ColumnKind) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Integer(value) => number(language, Decimal::from(*value), 0),
        Cell::Number(value) => match kind {
            ColumnKind::Number(decimals) => number(language, *value, decimals),
            _ => number(language, *value, value.normalize().scale()),
        },
        Cell::Money(amount) => money(language, *amount),
        Cell::Percent(hundredths) => percent(language, *hundredths),
        Cell::Date(day) => short_date(*day),
    }
}

/// A chart's value with its unit; amounts on charts drop the cents when `whole`.
pub(crate) fn value(language: Language, value: Decimal, unit: Unit, whole: bool) -> String {
    match unit {
        Unit::Number(decimals) => {
            number(language, value, if whole { value.normalize().scale() } else { decimals })
        }
        Unit::Percent if whole => percent(language, value),
        Unit::Percent => percent_to(language, value, 2),
        Unit::Money if whole => match language {
            Language::Italian => format!("{}\u{a0}€", number(language, value, 0)),
            Language::English => format!("€{}", number(language, value, 0)).replace("€−", "−€"),
        },
        Unit::Money => money(language, Money::rounded(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn amounts_are_written_as_in_each_language() {
        let amounts = [
            ("0.00", "0,00\u{a0}€", "€0.00"),
            ("999.99", "999,99\u{a0}€", "€999.99"),
            ("1234.56", "1.234,56\u{a0}€", "€1,234.56"),
            ("-38.40", "−38,40\u{a0}€", "−€38.40"),
            ("9999999999.99", "9.999.999.999,99\u{a0}€", "€9,999,999,999.99"),
        ];
        for (amount, italian, english) in amounts {
            assert_eq!(money(Language::Italian, amount.parse().unwrap()), italian);
            assert_eq!(money(Language::English, amount.parse().unwrap()), english);
        }
    }

    #[test]
    fn percentages_keep_the_decimals_they_have() {
        for (value, text) in [("87", "87%"), ("87.00", "87%"), ("62.5", "62,5%"), ("33.335", "33,34%")] {
            assert_eq!(percent(Language::Italian, decimal(value)), text);
        }
    }

    #[test]
    fn a_number_rounded_to_nothing_has_no_sign() {
        assert_eq!(number(Language::Italian, decimal("-0.004"), 2), "0,00");
    }

    #[test]
    fn paper_tells_the_time_of_italian_clocks_summer_and_winter() {
        for (instant, day, time) in [
            ("2024-07-31T22:30:00Z", "2024-08-01", "00.30"),
            ("2024-01-31T22:30:00Z", "2024-01-31", "23.30"),
            ("2024-10-27T00:59:00Z", "2024-10-27", "02.59"),
            ("2024-10-27T01:00:00Z", "2024-10-27", "02.00"),
        ] {
            let instant = instant.parse().unwrap();
            assert_eq!(
                (
                    concilia_kernel::clock::italian_day(instant).to_string().as_str(),
                    clock_time(Language::Italian, instant)
                ),
                (day, time.into())
            );
        }
    }

    #[test]
    fn the_first_of_a_month_is_an_ordinal_in_italian() {
        let day = NaiveDate::from_ymd_opt(2024, 3, 1).unwrap();
        assert_eq!(long_date(Language::Italian, day).replace('\u{a0}', " "), "1° marzo 2024");
        assert_eq!(long_date(Language::English, day).replace('\u{a0}', " "), "1 March 2024");
    }
}
