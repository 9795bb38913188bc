use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A public key that verifies access tokens (RFC 7517, RFC 8037).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Jwk {
    /// Key type.
    #[schema(max_length = 3, pattern = "^OKP$", example = "OKP")]
    pub kty: String,
    /// Curve.
    #[schema(max_length = 7, pattern = "^Ed25519$", example = "Ed25519")]
    pub crv: String,
    /// The key's 32 bytes, in base64url.
    #[schema(
        max_length = 43,
        pattern = "^[A-Za-z0-9_-]{43}$",
        example = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    )]
    pub x: String,
    /// Identifier of the key, as in the header of the tokens: its thumbprint (RFC 7638).
    #[schema(
        max_length = 43,
        pattern = "^[A-Za-z0-9_-]{43}$",
        example = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    )]
    pub kid: String,
    /// The key verifies signatures.
    #[serde(rename = "use")]
    #[schema(max_length = 3, pattern = "^sig$", example = "sig")]
    pub use_: String,
    /// The only algorithm it is good for.
    #[schema(max_length = 5, pattern = "^EdDSA$", example = "EdDSA")]
    pub alg: String,
}

/// The keys whose tokens are accepted now.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Jwks {
    /// Newest first; those that will sign soon are among them.
    #[schema(min_items = 0, max_items = 100)]
    pub keys: Vec<Jwk>,
}

impl Jwk {
    pub(super) fn of_public_key(public_key: &[u8]) -> Self {
        let x = URL_SAFE_NO_PAD.encode(public_key);
        let thumbprint =
            digest::digest(&digest::SHA256, format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#).as_bytes());
        Self {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            x,
            kid: URL_SAFE_NO_PAD.encode(thumbprint),
            use_: "sig".to_owned(),
            alg: "EdDSA".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_identifier_is_the_thumbprint_of_rfc_8037() {
        let key = URL_SAFE_NO_PAD.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        assert_eq!(Jwk::of_public_key(&key).kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
}
