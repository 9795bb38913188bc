use concilia_kernel::{Code, FieldError, Problem};
use std::fmt;
use validator::ValidateEmail;

/// An e-mail address as accounts are known by: lower case, without blanks around it.
///
/// Never shown by `Debug`: it is personal.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Longest address (RFC 5321).
    pub const LONGEST: usize = 254;

    /// An address fit for a new account: of the common form and in ASCII.
    /// 422 with the code `email` at `pointer` otherwise.
    pub fn parse(text: &str, pointer: &str) -> Result<Self, Problem> {
        let email = Self::normalise(text);
        if email.0.is_ascii() && email.0.len() <= Self::LONGEST && email.0.validate_email() {
            return Ok(email);
        }
        Err(Problem::new(Code::ValidationFailed).with_error(FieldError::pointer(pointer, "email")))
    }

    /// Whatever somebody gives to log in, written as [`Email::parse`] would have written it.
    pub fn normalise(text: &str) -> Self {
        Self(text.trim().to_lowercase())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_known_in_lower_case() {
        let email = Email::parse("  Anna.Rossi@Example.IT ", "/email").unwrap();
        assert_eq!(email.as_str(), "anna.rossi@example.it");
        assert_eq!(email, Email::normalise("ANNA.ROSSI@example.it"));
        assert_eq!(format!("{email:?}"), "Email(***)");
    }

    #[test]
    fn new_accounts_need_a_plausible_address() {
        for refused in ["", "anna", "anna@", "@example.it", "a b@example.it", "anna@exämple.it"] {
            assert!(Email::parse(refused, "/email").is_err(), "{refused}");
        }
    }
}
