//! Secrets that mean nothing but themselves: 256 random bits, of which only the hash is kept.
//! So much chance needs no slow hash.

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// A new secret: 43 characters of unpadded base64url.
pub fn generate() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// SHA-256 of a secret.
pub fn hash(secret: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, secret.as_bytes()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_have_the_stated_length() {
        let (one, two) = (generate(), generate());
        assert_ne!(one, two);
        assert_eq!((one.len(), two.len()), (43, 43));
        assert_eq!(hash(&one).len(), 32);
    }
}
