use concilia_kernel::checks;
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// Somebody who takes part in an event.
#[derive(Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EventParticipant)]
pub struct Participant {
    /// Given and family name, as the certificate will show them.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$",
        example = "Anna Bianchi"
    )]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub name: String,
    /// E-mail address.
    #[schema(
        min_length = 3,
        max_length = 254,
        example = "anna.bianchi@example.it",
        pattern = r"^[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$"
    )]
    #[validate(length(min = 3, max = 254), custom(function = "email"))]
    pub email: String,
}

impl Participant {
    /// The form in which two spellings of one address are the same.
    pub fn address(&self) -> String {
        self.email.to_ascii_lowercase()
    }
}

impl fmt::Debug for Participant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Participant(sealed)")
    }
}

fn email(text: &str) -> Result<(), ValidationError> {
    let local = |part: &str| {
        (1..=64).contains(&part.len())
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'%' | b'+' | b'\'' | b'-'))
    };
    let label = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let good = text.split_once('@').is_some_and(|(name, domain)| local(name) && domain.split('.').all(label));
    if good { Ok(()) } else { Err(ValidationError::new("email")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_text() {
        for good in ["anna.bianchi@example.it", "a+b%c'd@mail.example-one.org", "a@b"] {
            assert!(email(good).is_ok(), "{good}");
        }
        for bad in ["", "@b", "a@", "a b@c", "a@b..c", "a@-b", "a@b-", "a@b@c", "à@b.it", "a@b_c"] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_participant_is_not_printed() {
        let person = Participant { name: "Anna".to_owned(), email: "Anna@Example.it".to_owned() };
        assert!(!format!("{person:?}").contains("nna"));
        assert_eq!(person.address(), "anna@example.it");
    }
}
