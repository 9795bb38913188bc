//! Checks of single fields, each the twin of a `pattern` in the contract.

pub use concilia_kernel::checks::{code, line};
use validator::ValidationError;

fn refuse_unless(good: bool) -> Result<(), ValidationError> {
    if good { Ok(()) } else { Err(ValidationError::new("pattern")) }
}

/// Text of several lines: `^[^\x00-\x08\x0b-\x1f\x7f]*$`.
pub fn text(text: &str) -> Result<(), ValidationError> {
    refuse_unless(!text.contains(|c: char| c.is_ascii_control() && c != '\n' && c != '\t'))
}

/// Name of a store in its address: `^[a-z0-9]+(-[a-z0-9]+)*$`.
pub fn slug(text: &str) -> Result<(), ValidationError> {
    let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    refuse_unless(text.split('-').all(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_words_joined_by_hyphens() {
        assert!(slug("per-il-tuo-tempo").is_ok());
        for bad in ["", "-a", "a-", "a--b", "A", "a_b", "è"] {
            assert!(slug(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_text_has_no_control_character_but_line_feeds_and_tabs() {
        assert!(text("riga\nriga\t").is_ok());
        assert!(text("a\0").is_err());
    }
}
