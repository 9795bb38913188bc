use super::AccessClaims;
use crate::problem::{Code, Problem};
use aws_lc_rs::digest::{SHA256, digest};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, get_current_timestamp};
use quick_cache::sync::Cache;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

/// Tokens remembered as verified, by their hash: the least used make room.
const REMEMBERED: usize = 20_000;
/// Seconds by which clocks may differ.
const LEEWAY: u64 = 5;

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

    fn holds(&self, kid: &str) -> bool {
        self.0.read().is_ok_and(|keys| keys.contains_key(kid))
    }
}

/// Checks access tokens: signature by a known key, `typ: at+jwt`, issuer, audience, expiry.
/// The algorithm is fixed, so neither `none` nor a symmetric key can be smuggled in.
///
/// A signature costs more than the whole read of an order, and a caller sends one token for minutes: what has been
/// verified is remembered by its hash, and then only its expiry and its key are looked at again.
#[derive(Clone)]
pub struct TokenVerifier {
    keys: VerifyingKeys,
    validation: Validation,
    verified: Arc<Cache<[u8; 32], Arc<Verified>>>,
}

struct Verified {
    kid: String,
    claims: Arc<AccessClaims>,
}

impl TokenVerifier {
    pub fn new(keys: VerifyingKeys, issuer: &str, audience: &str) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
        validation.leeway = LEEWAY;
        Self { keys, validation, verified: Arc::new(Cache::new(REMEMBERED)) }
    }

    pub fn verify(&self, token: &str) -> Result<Arc<AccessClaims>, Problem> {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        if let Some(known) = self.verified.get(&hash) {
            if self.keys.holds(&known.kid) && still_valid(&known.claims) {
                return Ok(Arc::clone(&known.claims));
            }
            self.verified.remove(&hash);
        }
        let verified = self.decode(token).ok_or_else(|| Problem::new(Code::InvalidToken))?;
        let claims = Arc::clone(&verified.claims);
        self.verified.insert(hash, Arc::new(verified));
        Ok(claims)
    }

    fn decode(&self, token: &str) -> Option<Verified> {
        let header = decode_header(token).ok()?;
        let typed = header.typ.as_deref().is_some_and(|typ| {
            typ.eq_ignore_ascii_case("at+jwt") || typ.eq_ignore_ascii_case("application/at+jwt")
        });
        let kid = header.kid.filter(|_| typed)?;
        let claims = decode::<AccessClaims>(token, &self.keys.get(&kid)?, &self.validation).ok()?.claims;
        Some(Verified { kid, claims: Arc::new(claims) })
    }
}

/// As the first verification decides it.
fn still_valid(claims: &AccessClaims) -> bool {
    u64::try_from(claims.exp).is_ok_and(|expires_at| expires_at + LEEWAY >= get_current_timestamp())
}
