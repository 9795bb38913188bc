use super::AccessClaims;
use crate::problem::{Code, Problem};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

/// Public keys by `kid`, shared by all workers and replaced when the keys rotate.
#[derive(Clone, Default)]
pub struct VerifyingKeys(Arc<RwLock<HashMap<String, DecodingKey>>>);

impl VerifyingKeys {
    pub fn replace(&self, keys: HashMap<String, DecodingKey>) {
        if let Ok(mut current) = self.0.write() {
            *current = keys;
        }
    }

    fn get(&self, kid: &str) -> Option<DecodingKey> {
        self.0.read().ok()?.get(kid).cloned()
    }
}

/// Checks access tokens: signature by a known key, `typ: at+jwt`, issuer, audience, expiry.
/// The algorithm is fixed, so neither `none` nor a symmetric key can be smuggled in.
#[derive(Clone)]
pub struct TokenVerifier {
    keys: VerifyingKeys,
    validation: Validation,
}

impl TokenVerifier {
    pub fn new(keys: VerifyingKeys, issuer: &str, audience: &str) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
        validation.leeway = 5;
        Self { keys, validation }
    }

    pub fn verify(&self, token: &str) -> Result<AccessClaims, Problem> {
        let refused = || Problem::new(Code::InvalidToken);
        let header = decode_header(token).map_err(|_| refused())?;
        let typed = header.typ.as_deref().is_some_and(|typ| {
            typ.eq_ignore_ascii_case("at+jwt") || typ.eq_ignore_ascii_case("application/at+jwt")
        });
        let key = header.kid.as_deref().and_then(|kid| self.keys.get(kid));
        match (typed, key) {
            (true, Some(key)) => decode::<AccessClaims>(token, &key, &self.validation)
                .map(|data| data.claims)
                .map_err(|_| refused()),
            _ => Err(refused()),
        }
    }
}
