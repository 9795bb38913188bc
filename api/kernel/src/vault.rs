//! Personal data at rest: sealed with AES-256-GCM, found again through a keyed blind index.
//!
//! Sealed bytes are `version (1) | nonce (12) | ciphertext | tag (16)`. The purpose is authenticated
//! with the text, so a value cannot be moved to another column.

use crate::problem::Problem;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::hmac;
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;
use uuid::Uuid;

const VERSION: u8 = 1;

/// Bytes of a blind index.
pub const INDEX_LEN: usize = 16;

/// Keeper of the keys that seal personal data; cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Keys>);

struct Keys {
    sealing: LessSafeKey,
    index: hmac::Key,
}

#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("the master key must be 32 bytes")]
    MasterKey,
    #[error("sealed data cannot be opened: wrong master key, or data moved or damaged")]
    Open,
    #[error("sealed data is not of the expected form: {0}")]
    Form(#[from] serde_json::Error),
}

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        Self::internal(error)
    }
}

struct Len(usize);
impl KeyType for Len {
    fn len(&self) -> usize {
        self.0
    }
}

fn derive(master: &[u8; 32], purpose: &[u8]) -> Result<[u8; 32], VaultError> {
    let mut key = [0; 32];
    Salt::new(HKDF_SHA256, b"concilia.vault.v1")
        .extract(master)
        .expand(&[purpose], Len(32))
        .and_then(|okm| okm.fill(&mut key))
        .map_err(|_| VaultError::MasterKey)?;
    Ok(key)
}

impl Vault {
    /// Keys are derived from one 32-byte master key.
    pub fn new(master: &[u8; 32]) -> Result<Self, VaultError> {
        let sealing =
            UnboundKey::new(&AES_256_GCM, &derive(master, b"sealing")?).map_err(|_| VaultError::MasterKey)?;
        let index = hmac::Key::new(hmac::HMAC_SHA256, &derive(master, b"index")?);
        Ok(Self(Arc::new(Keys { sealing: LessSafeKey::new(sealing), index })))
    }

    /// Encrypts bytes for one purpose (by convention `table.column`).
    pub fn seal(&self, purpose: &'static str, plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut sealed = Vec::with_capacity(1 + NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let tag = self.0.sealing.seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(purpose.as_bytes()),
            &mut sealed[1 + NONCE_LEN..],
        );
        match tag {
            Ok(tag) => sealed.extend_from_slice(tag.as_ref()),
            // Only possible beyond 64 GiB: keep nothing readable.
            Err(_) => sealed.clear(),
        }
        sealed
    }

    /// Decrypts what [`Vault::seal`] made for the same purpose.
    pub fn open(&self, purpose: &'static str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (version, rest) = sealed.split_first().ok_or(VaultError::Open)?;
        let (nonce, text) = rest.split_at_checked(NONCE_LEN).ok_or(VaultError::Open)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Open)?;
        if *version != VERSION {
            return Err(VaultError::Open);
        }
        let mut text = text.to_vec();
        let aad = Aad::from(purpose.as_bytes());
        let length = self.0.sealing.open_in_place(nonce, aad, &mut text).map_err(|_| VaultError::Open)?.len();
        text.truncate(length);
        Ok(text)
    }

    /// Seals a value as JSON.
    pub fn seal_json<T: Serialize>(&self, purpose: &'static str, value: &T) -> Result<Vec<u8>, VaultError> {
        Ok(self.seal(purpose, &serde_json::to_vec(value)?))
    }

    pub fn open_json<T: DeserializeOwned>(&self, purpose: &'static str, sealed: &[u8]) -> Result<T, VaultError> {
        Ok(serde_json::from_slice(&self.open(purpose, sealed)?)?)
    }

    /// A keyed hash good only for equality, different in each territory and for each purpose.
    pub fn blind_index(&self, purpose: &'static str, territory_id: Uuid, value: &[u8]) -> [u8; INDEX_LEN] {
        let mut context = hmac::Context::with_key(&self.0.index);
        context.update(purpose.as_bytes());
        context.update(&[0]);
        context.update(territory_id.as_bytes());
        context.update(value);
        let mut index = [0; INDEX_LEN];
        index.copy_from_slice(&context.sign().as_ref()[..INDEX_LEN]);
        index
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> Vault {
        Vault::new(&[7; 32]).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_only_for_its_purpose() {
        let sealed = vault().seal("a.b", b"secret");
        assert_eq!(vault().open("a.b", &sealed).unwrap(), b"secret");
        assert!(vault().open("a.c", &sealed).is_err());
        assert!(Vault::new(&[8; 32]).unwrap().open("a.b", &sealed).is_err());
        assert!(!sealed.windows(6).any(|w| w == b"secret"));
    }

    #[test]
    fn damaged_data_is_refused() {
        let mut sealed = vault().seal("a.b", b"secret");
        let last = sealed.len() - 1;
        sealed[last] ^= 1;
        assert!(vault().open("a.b", &sealed).is_err());
        assert!(vault().open("a.b", &[]).is_err());
        assert!(vault().open("a.b", &[1, 2, 3]).is_err());
    }

    #[test]
    fn the_blind_index_depends_on_territory_and_purpose() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let index = vault().blind_index("p", one, b"x");
        assert_eq!(index, vault().blind_index("p", one, b"x"));
        assert_ne!(index, vault().blind_index("p", two, b"x"));
        assert_ne!(index, vault().blind_index("q", one, b"x"));
    }
}
