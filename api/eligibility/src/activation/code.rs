use aws_lc_rs::rand;
use concilia_kernel::Problem;
use concilia_kernel::vault::{INDEX_LEN, Vault};
use uuid::Uuid;

/// Crockford's base 32: no I, L, O, U, which are easily mistaken.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 10;

/// A one-time code of 50 random bits, too many to guess at the pace that the throttle allows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct ActivationCode([u8; LENGTH]);

impl ActivationCode {
    /// Draws a code from the system's generator.
    pub(crate) fn generate() -> Result<Self, Problem> {
        let mut code = [0; LENGTH];
        rand::fill(&mut code).map_err(Problem::internal)?;
        Ok(Self(code.map(|byte| ALPHABET[usize::from(byte % 32)])))
    }

    /// Reads a code as people type it: lower case, grouped or not, O for 0, I or L for 1.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut code = [0; LENGTH];
        let mut length = 0;
        for character in text.bytes().filter(|byte| !matches!(byte, b'-' | b' ')) {
            let character = match character.to_ascii_uppercase() {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other => other,
            };
            if !ALPHABET.contains(&character) {
                return None;
            }
            *code.get_mut(length)? = character;
            length += 1;
        }
        (length == LENGTH).then_some(Self(code))
    }

    /// The only thing that is kept of it.
    pub(crate) fn hash(self, vault: &Vault) -> [u8; INDEX_LEN] {
        vault.blind_index("activation_codes.code_hash", Uuid::nil(), &self.0)
    }

    pub(crate) fn grouped(self) -> String {
        let (one, two) = self.0.split_at(LENGTH / 2);
        one.iter().chain(b"-").chain(two).map(|byte| char::from(*byte)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_shown_and_as_it_is_typed() {
        let code = ActivationCode(*b"7K3Q0M912V");
        assert_eq!(code.grouped(), "7K3Q0-M912V");
        for typed in ["7K3Q0-M912V", "7k3q0m912v", " 7k3qO mgl2v".replace('g', "9").as_str()] {
            assert!(ActivationCode::parse(typed).is_some_and(|read| read == code), "{typed}");
        }
        for wrong in ["", "7K3Q0-M912", "7K3Q0-M912VV", "7K3Q0-M912U", "7K3Q0-M912è"] {
            assert!(ActivationCode::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn codes_differ() {
        assert!(ActivationCode::generate().unwrap() != ActivationCode::generate().unwrap());
    }
}
