//! Checks of single fields, each the twin of a `pattern` in the contract.

use validator::ValidationError;

fn refuse_unless(good: bool) -> Result<(), ValidationError> {
    if good { Ok(()) } else { Err(ValidationError::new("pattern")) }
}

/// One line of text that is not blank: `^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$`.
pub fn line(text: &str) -> Result<(), ValidationError> {
    refuse_unless(!text.contains(|c: char| c.is_ascii_control()) && text.contains(|c: char| c > ' '))
}

/// Text of several lines: `^[^\x00-\x08\x0b-\x1f\x7f]*$`.
pub fn text(text: &str) -> Result<(), ValidationError> {
    refuse_unless(!text.contains(|c: char| c.is_ascii_control() && c != '\n' && c != '\t'))
}

/// Name of a store in its address: `^[a-z0-9]+(-[a-z0-9]+)*$`.
pub fn slug(text: &str) -> Result<(), ValidationError> {
    refuse_unless(words(text, '-'))
}

/// Code of a category: `^[a-z0-9]+(_[a-z0-9]+)*$`.
pub fn code(text: &str) -> Result<(), ValidationError> {
    refuse_unless(words(text, '_'))
}

fn words(text: &str, separator: char) -> bool {
    let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.split(separator).all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_and_codes_are_words_joined_by_one_separator() {
        assert!(slug("per-il-tuo-tempo").is_ok());
        for bad in ["", "-a", "a-", "a--b", "A", "a_b", "è"] {
            assert!(slug(bad).is_err(), "{bad}");
        }
        assert!(code("after_school").is_ok());
        assert!(code("after-school").is_err());
    }

    #[test]
    fn a_line_has_something_in_it_and_no_control_character() {
        assert!(line(" Doposcuola ").is_ok());
        for bad in ["", "  ", "a\nb", "a\0", "\u{7f}"] {
            assert!(line(bad).is_err(), "{bad:?}");
        }
        assert!(text("riga\nriga\t").is_ok());
        assert!(text("a\0").is_err());
    }
}
