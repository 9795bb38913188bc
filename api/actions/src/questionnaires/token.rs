//! One-use tokens that prove themselves: a random number and its seal, which only the server can make. A token is never
//! stored before it is spent, so there is nothing that could tie it to who took it.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use concilia_kernel::vault::{INDEX_LEN, Vault};
use uuid::Uuid;

const TOKEN_SEAL: &str = "questionnaires.token";
const LINK_SEAL: &str = "questionnaires.link";
const TAKER_INDEX: &str = "questionnaire_takers.taker_index";
const NUMBER_LEN: usize = 16;

/// A new token of a questionnaire: 43 characters.
pub fn issue(vault: &Vault, territory_id: Uuid, questionnaire_id: Uuid) -> String {
    let number: [u8; NUMBER_LEN] = rand::random();
    let mut bytes = number.to_vec();
    bytes.extend_from_slice(&seal(vault, territory_id, questionnaire_id, &number));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What is stored of a good token when it is spent; `None` for one that was not issued for this questionnaire.
pub fn spend(vault: &Vault, territory_id: Uuid, questionnaire_id: Uuid, token: &str) -> Option<[u8; 32]> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (number, given) = bytes.split_at_checked(NUMBER_LEN)?;
    verify_slices_are_equal(&seal(vault, territory_id, questionnaire_id, number), given).ok()?;
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, &bytes).as_ref());
    Some(hash)
}

fn seal(vault: &Vault, territory_id: Uuid, questionnaire_id: Uuid, number: &[u8]) -> [u8; INDEX_LEN] {
    let mut sealed = questionnaire_id.as_bytes().to_vec();
    sealed.extend_from_slice(number);
    vault.blind_index(TOKEN_SEAL, territory_id, &sealed)
}

/// What the public link of a questionnaire carries: 22 characters.
pub fn link(vault: &Vault, territory_id: Uuid, questionnaire_id: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(vault.blind_index(LINK_SEAL, territory_id, questionnaire_id.as_bytes()))
}

pub fn is_link(vault: &Vault, territory_id: Uuid, questionnaire_id: Uuid, given: &str) -> bool {
    let wanted = link(vault, territory_id, questionnaire_id);
    verify_slices_are_equal(wanted.as_bytes(), given.as_bytes()).is_ok()
}

/// Under what it is kept that somebody has taken a token of this questionnaire.
pub fn taker_index(vault: &Vault, territory_id: Uuid, questionnaire_id: Uuid, taker: Uuid) -> [u8; INDEX_LEN] {
    let mut bytes = questionnaire_id.as_bytes().to_vec();
    bytes.extend_from_slice(taker.as_bytes());
    vault.blind_index(TAKER_INDEX, territory_id, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Uuid = Uuid::from_u128(1);
    const TWO: Uuid = Uuid::from_u128(2);

    fn vault() -> Vault {
        Vault::new(&[7; 32]).unwrap()
    }

    #[test]
    fn a_token_is_good_for_its_questionnaire_alone() {
        let token = issue(&vault(), ONE, TWO);
        assert_eq!(token.len(), 43);
        let hash = spend(&vault(), ONE, TWO, &token).unwrap();
        assert_eq!(spend(&vault(), ONE, TWO, &token), Some(hash), "the same token, the same mark");
        assert_eq!(spend(&vault(), ONE, ONE, &token), None);
        assert_eq!(spend(&vault(), TWO, TWO, &token), None);
        assert_eq!(spend(&Vault::new(&[8; 32]).unwrap(), ONE, TWO, &token), None);
        assert_ne!(issue(&vault(), ONE, TWO), token);
    }

    #[test]
    fn made_up_tokens_are_refused() {
        let mut token = issue(&vault(), ONE, TWO).into_bytes();
        token[0] = if token[0] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(token).unwrap();
        for bad in [altered.as_str(), "", "AAAA", &"A".repeat(43), &"A".repeat(64), "è"] {
            assert_eq!(spend(&vault(), ONE, TWO, bad), None, "{bad}");
        }
    }

    #[test]
    fn a_link_is_of_its_questionnaire() {
        let text = link(&vault(), ONE, TWO);
        assert_eq!(text.len(), 22);
        assert!(is_link(&vault(), ONE, TWO, &text));
        assert!(!is_link(&vault(), ONE, ONE, &text) && !is_link(&vault(), ONE, TWO, ""));
    }

    #[test]
    fn takers_of_two_questionnaires_cannot_be_compared() {
        let taker = Uuid::from_u128(9);
        assert_ne!(taker_index(&vault(), ONE, ONE, taker), taker_index(&vault(), ONE, TWO, taker));
    }
}
