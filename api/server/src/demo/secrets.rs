//! Passwords and client secrets of the demo: each installation has its own, from its master key.

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

fn derive(master_key: &[u8; 32], purpose: &str, name: &str) -> String {
    let key = Key::new(HMAC_SHA256, master_key);
    URL_SAFE_NO_PAD.encode(sign(&key, format!("concilia.demo.{purpose}\0{name}").as_bytes()))
}

/// Twenty characters: 120 bits.
pub(super) fn password(master_key: &[u8; 32], email: &str) -> String {
    let mut password = derive(master_key, "password", email);
    password.truncate(20);
    password
}

/// 256 bits, as of any client secret.
pub(super) fn client_secret(master_key: &[u8; 32], client_id: &str) -> String {
    derive(master_key, "client_secret", client_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_belong_to_one_installation_and_one_name() {
        let one = password(&[1; 32], "a@x.example");
        assert_eq!(one, password(&[1; 32], "a@x.example"));
        assert_eq!(one.len(), 20);
        assert_ne!(one, password(&[2; 32], "a@x.example"));
        assert_ne!(one, password(&[1; 32], "b@x.example"));
        assert_eq!(client_secret(&[1; 32], "c").len(), 43);
        assert_ne!(client_secret(&[1; 32], "a@x.example")[..20], one);
    }
}
