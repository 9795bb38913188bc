//! What languages want around numbers and dates: agreement in number, and the elision of Italian articles.

use crate::format::{long_date, number};
use chrono::NaiveDate;
use concilia_kernel::language::Language;
use rust_decimal::Decimal;

/// "1 progetto", "3 progetti", "1.250 enti": Italian writes the noun as the count wants it.
pub fn counted(count: impl Into<Decimal>, one: &str, many: &str) -> String {
    let count = count.into();
    let noun = if count == Decimal::ONE { one } else { many };
    format!("{}\u{a0}{noun}", number(Language::Italian, count, 0))
}

/// An Italian article, alone or with its preposition ("il", "del", "al", "dal"), before a number or a date in digits:
/// "il 15%" but "l'80%", "del 1° marzo" but "dell'11 novembre".
pub fn elided(article: &str, number: &str) -> String {
    match (is_said_with_a_vowel(number), article) {
        (false, _) => format!("{article} {number}"),
        (true, "il") => format!("l'{number}"),
        (true, _) => format!("{article}l'{number}"),
    }
}

/// An act with its day: "Decreto n. 123 del 15 marzo 2024", "Decreto n. 123 of 15 March 2024".
pub fn dated(language: Language, act: &str, day: NaiveDate) -> String {
    let day = long_date(language, day);
    match language {
        Language::Italian => format!("{act} {}", elided("del", &day)),
        Language::English => format!("{act} of {day}"),
    }
}

/// Uno, otto and what begins with it, undici and undicimila; not primo, mille, dieci.
fn is_said_with_a_vowel(number: &str) -> bool {
    let end = number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len());
    let (digits, rest) = number.split_at(end);
    let group = digits.split('.').next().unwrap_or_default();
    group.starts_with('8') || group == "11" || (digits == "1" && !rest.starts_with('°'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        text.replace('\u{a0}', " ")
    }

    #[test]
    fn only_one_is_singular() {
        for (count, words) in [
            (0, "0 progetti"),
            (1, "1 progetto"),
            (2, "2 progetti"),
            (21, "21 progetti"),
            (1250, "1.250 progetti"),
        ] {
            assert_eq!(plain(&counted(count, "progetto", "progetti")), words);
        }
    }

    #[test]
    fn articles_are_elided_before_numbers_said_with_a_vowel() {
        for (article, number, words) in [
            ("il", "15%", "il 15%"),
            ("il", "80%", "l'80%"),
            ("il", "8,5%", "l'8,5%"),
            ("il", "1%", "l'1%"),
            ("il", "1,5%", "l'1,5%"),
            ("al", "11%", "all'11%"),
            ("il", "10%", "il 10%"),
            ("il", "18%", "il 18%"),
            ("il", "110%", "il 110%"),
            ("del", "1.000", "del 1.000"),
            ("dal", "11.500", "dall'11.500"),
            ("del", "8.000", "dell'8.000"),
            ("al", "", "al "),
        ] {
            assert_eq!(elided(article, number), words);
        }
    }

    #[test]
    fn the_day_of_an_act_is_said_as_in_each_language() {
        for (day, italian) in [
            ("2024-03-01", "Decreto n. 9 del 1° marzo 2024"),
            ("2024-04-08", "Decreto n. 9 dell'8 aprile 2024"),
            ("2024-11-11", "Decreto n. 9 dell'11 novembre 2024"),
            ("2024-11-10", "Decreto n. 9 del 10 novembre 2024"),
            ("2024-11-18", "Decreto n. 9 del 18 novembre 2024"),
        ] {
            assert_eq!(plain(&dated(Language::Italian, "Decreto n. 9", day.parse().unwrap())), italian);
        }
        let english = dated(Language::English, "Decreto n. 9", "2024-11-11".parse().unwrap());
        assert_eq!(plain(&english), "Decreto n. 9 of 11 November 2024");
    }
}
