//! Text made fit for pages: only characters that the fonts can set, and words that can break.

use crate::fonts;

/// Words longer than this may break after signs, and every so many letters.
const LONG_WORD: usize = 20;
const PIECE: usize = 6;
/// The most characters of a label.
const LONGEST_LABEL: usize = 400;
const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// One paragraph's text: line feeds stay, other controls go, what no font has becomes the replacement character.
pub(crate) fn paragraph(text: &str) -> String {
    breakable(&clean(text, true))
}

/// Text of one line, such as a heading or a label; beyond [`LONGEST_LABEL`] it ends in dots, as a heading that repeats on
/// every page must leave room for the page.
pub(crate) fn line(text: &str) -> String {
    let plain = plain_line(text);
    if plain.chars().nth(LONGEST_LABEL).is_none() {
        return breakable(&plain);
    }
    breakable(&(plain.chars().take(LONGEST_LABEL - 1).collect::<String>() + "…"))
}

/// Text of one line that is never broken: metadata, alternative texts, labels in drawings.
pub(crate) fn plain_line(text: &str) -> String {
    clean(text, false)
}

fn clean(text: &str, line_feeds: bool) -> String {
    let keep = |c: char| match c {
        '\n' if line_feeds => Some('\n'),
        '\n' | '\r' | '\t' => Some(' '),
        '\u{a0}' => Some('\u{a0}'),
        '\u{2010}' | '\u{2011}' => Some('-'),
        '\u{2012}' | '\u{2015}' => Some('–'),
        '\u{202f}' | '\u{2007}' => Some('\u{a0}'),
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}' => {
            None
        }
        c if c.is_control() => None,
        c if c.is_whitespace() => Some(' '),
        c if fonts::covers(c) => Some(c),
        _ => Some('\u{fffd}'),
    };
    text.replace("\r\n", "\n").chars().filter_map(keep).collect()
}

fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut length = 0;
    let long = |word: &str| word.chars().count() > LONG_WORD;
    for word in text.split_inclusive([' ', '\n']) {
        if !long(word.trim_end()) {
            out.push_str(word);
            continue;
        }
        for c in word.chars() {
            out.push(c);
            length = if c.is_whitespace() { 0 } else { length + 1 };
            if length > 0 && (matches!(c, '/' | '@' | '_' | '-' | '.' | '?' | '&' | '=') || length >= PIECE) {
                out.push(ZERO_WIDTH_SPACE);
                length = 0;
            }
        }
        length = 0;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_printed_is_replaced_or_dropped() {
        assert_eq!(plain_line("a\u{0}b\u{1b}c\u{202e}d\u{feff}"), "abcd");
        assert_eq!(plain_line("riga\nuno\ttab"), "riga uno tab");
        assert_eq!(plain_line("漢😀"), "\u{fffd}\u{fffd}");
        assert_eq!(paragraph("uno\r\ndue"), "uno\ndue");
        assert_eq!(plain_line("co‑housing"), "co-housing");
    }

    #[test]
    fn a_label_without_end_is_cut_in_sight() {
        assert_eq!(line(&"a ".repeat(200)), "a ".repeat(200));
        let cut = line(&"a ".repeat(201));
        assert!(cut.ends_with('…') && cut.chars().count() == LONGEST_LABEL);
    }

    #[test]
    fn ordinary_words_are_left_alone_and_endless_ones_can_break() {
        assert_eq!(line("Comune di Forlì-Cesena, art. 3/bis"), "Comune di Forlì-Cesena, art. 3/bis");
        let longest = |text: &str| text.split(ZERO_WIDTH_SPACE).map(|p| p.chars().count()).max().unwrap();
        assert!(longest(&line(&"x".repeat(500))) <= PIECE);
        assert_eq!(
            line("https://www.ats-valpadana.it/conciliazione").replace(ZERO_WIDTH_SPACE, ""),
            "https://www.ats-valpadana.it/conciliazione"
        );
    }
}
