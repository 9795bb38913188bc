//! The code that identifies a public investment project (CUP, codice unico di progetto).

use validator::ValidationError;

/// 15 characters, `^[A-Z][0-9A-Z]{2}[A-Z][0-9]{11}$`: a letter, two characters, a letter, eleven digits of which the
/// first two are the year. It has no check character, so only its form can be judged.
pub fn cup(text: &str) -> Result<(), ValidationError> {
    let letter = |b: u8| b.is_ascii_uppercase();
    let good = match text.as_bytes() {
        [first, second, third, fourth, digits @ ..] => {
            letter(*first)
                && [second, third].into_iter().all(|b| letter(*b) || b.is_ascii_digit())
                && letter(*fourth)
                && digits.len() == 11
                && digits.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    };
    if good { Ok(()) } else { Err(ValidationError::new("pattern")) }
}

#[cfg(test)]
mod tests {
    use super::cup;

    #[test]
    fn the_form_of_a_cup_is_held() {
        for good in ["J41B20000000001", "C11G06000000001", "G17H03000130011", "E8AJ21000000002"] {
            assert!(cup(good).is_ok(), "{good}");
        }
        let wrong = [
            "",
            "J41B2000000000",
            "J41B200000000011",
            "141B20000000001",
            "J41120000000001",
            "j41B20000000001",
            "J41B2000000000A",
            "J4 B20000000001",
            "J41B20000000€1",
        ];
        for bad in wrong {
            assert!(cup(bad).is_err(), "{bad}");
        }
    }
}
