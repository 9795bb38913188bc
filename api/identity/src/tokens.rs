//! Access tokens (RFC 9068): who holds one, and until when.

use crate::keys::{Jwks, KeyRing};
use crate::state::IdentitySettings;
use concilia_kernel::auth::{AccessClaims, RoleBinding, RoleClaim, TokenVerifier};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Problem, new_id, now};
use std::sync::Arc;
use uuid::Uuid;

/// `client_id` in the tokens of people, who log in through our own front end.
pub(crate) const FIRST_PARTY_CLIENT: &str = "concilia-portal";

/// Whom a token is for.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Account, or API client.
    pub id: Uuid,
    pub client_id: String,
    pub territory_id: Uuid,
    /// `None` for machines.
    pub login_session_id: Option<Uuid>,
    pub roles: Vec<RoleBinding>,
}

/// A signed token.
#[derive(Debug, Clone)]
pub struct AccessToken {
    pub token: String,
    /// Life, in seconds.
    pub expires_in: i32,
}

/// Issues access tokens and says how to verify them; shared by all threads.
#[derive(Clone)]
pub struct TokenIssuer {
    keys: KeyRing,
    settings: Arc<IdentitySettings>,
}

impl TokenIssuer {
    pub fn new(keys: KeyRing, settings: IdentitySettings) -> Self {
        Self { keys, settings: Arc::new(settings) }
    }

    pub fn settings(&self) -> &IdentitySettings {
        &self.settings
    }

    pub fn jwks(&self) -> Jwks {
        self.keys.jwks()
    }

    pub fn verifier(&self) -> TokenVerifier {
        TokenVerifier::new(self.keys.verifying_keys(), &self.settings.issuer, &self.settings.audience)
    }

    pub fn issue(&self, subject: Subject) -> Result<AccessToken, Problem> {
        let expires_in = self.settings.access_token_seconds;
        let issued_at = now().timestamp();
        let roles = subject.roles.iter().map(|b| RoleClaim { role: b.role, organisation: b.organisation_id });
        let claims = AccessClaims {
            iss: self.settings.issuer.clone(),
            aud: self.settings.audience.clone(),
            sub: subject.id,
            client_id: subject.client_id,
            iat: issued_at,
            exp: issued_at + i64::from(expires_in),
            jti: new_id(),
            sid: subject.login_session_id,
            territory: subject.territory_id,
            roles: roles.collect(),
        };
        Ok(AccessToken { token: self.keys.sign(&claims)?, expires_in })
    }
}

/// Signs and verifies once, at start-up: a build without a cryptographic backend, or with two, compiles
/// and fails only at its first token.
pub fn smoke_test() -> Result<(), Problem> {
    let vault = Vault::new(&rand::random())?;
    let settings = IdentitySettings::new("https://smoke.test");
    let issuer = TokenIssuer::new(KeyRing::throwaway(&vault)?, settings);
    let subject = Subject {
        id: new_id(),
        client_id: FIRST_PARTY_CLIENT.to_owned(),
        territory_id: new_id(),
        login_session_id: None,
        roles: vec![],
    };
    let token = issuer.issue(subject)?.token;
    issuer.verifier().verify(&token).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use concilia_kernel::{Actor, Role};
    use serde_json::{Value, json};

    fn issuer() -> TokenIssuer {
        let vault = Vault::new(&[7; 32]).unwrap();
        TokenIssuer::new(KeyRing::throwaway(&vault).unwrap(), IdentitySettings::new("https://concilia.test"))
    }

    fn subject() -> Subject {
        Subject {
            id: new_id(),
            client_id: FIRST_PARTY_CLIENT.to_owned(),
            territory_id: new_id(),
            login_session_id: Some(new_id()),
            roles: vec![RoleBinding { role: Role::Provider, organisation_id: new_id() }],
        }
    }

    fn part(token: &str, index: usize) -> Value {
        let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    fn with_part(token: &str, index: usize, part: &Value) -> String {
        let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
        parts[index] = URL_SAFE_NO_PAD.encode(part.to_string());
        parts.join(".")
    }

    #[test]
    fn the_backend_signs() {
        smoke_test().unwrap();
    }

    #[test]
    fn a_token_has_the_claims_of_rfc_9068_and_names_its_bearer() {
        let (issuer, subject) = (issuer(), subject());
        let issued = issuer.issue(subject.clone()).unwrap();
        let (header, claims) = (part(&issued.token, 0), part(&issued.token, 1));
        assert_eq!(header["typ"], "at+jwt");
        assert_eq!(header["alg"], "EdDSA");
        assert_eq!(header["kid"], issuer.jwks().keys[0].kid);
        for claim in ["iss", "aud", "sub", "client_id", "iat", "exp", "jti", "sid"] {
            assert!(!claims[claim].is_null(), "{claim}");
        }
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 600);

        let actor = Actor::from_claims(&issuer.verifier().verify(&issued.token).unwrap());
        assert_eq!((actor.id, actor.territory_id), (subject.id, subject.territory_id));
        assert_eq!(actor.login_session_id, subject.login_session_id);
        assert!(actor.holds(Role::Provider, subject.roles[0].organisation_id));
    }

    #[test]
    fn a_machine_has_no_session() {
        let token = issuer().issue(Subject { login_session_id: None, ..subject() }).unwrap().token;
        assert!(part(&token, 1).get("sid").is_none());
    }

    #[test]
    fn a_token_that_was_touched_is_refused() {
        let issuer = issuer();
        let token = issuer.issue(subject()).unwrap().token;
        let refused = |token: &str| issuer.verifier().verify(token).is_err();
        assert!(!refused(&token));

        let mut claims = part(&token, 1);
        claims["territory"] = json!(new_id());
        assert!(refused(&with_part(&token, 1, &claims)));
        for (member, value) in [("alg", "none"), ("alg", "HS256"), ("typ", "JWT"), ("kid", "another")] {
            let mut header = part(&token, 0);
            header[member] = json!(value);
            assert!(refused(&with_part(&token, 0, &header)), "{member}={value}");
        }
        assert!(refused(""));
        assert!(refused(&token[..token.len() - 4]));
    }

    #[test]
    fn tokens_of_another_key_issuer_or_audience_are_refused() {
        let vault = Vault::new(&[7; 32]).unwrap();
        let keys = KeyRing::throwaway(&vault).unwrap();
        let ours = IdentitySettings::new("https://concilia.test");
        let verifier = TokenIssuer::new(keys.clone(), ours.clone()).verifier();
        for settings in [
            IdentitySettings::new("https://other.test"),
            IdentitySettings { audience: "https://other.test".to_owned(), ..ours.clone() },
            IdentitySettings { access_token_seconds: -60, ..ours.clone() },
        ] {
            let token = TokenIssuer::new(keys.clone(), settings).issue(subject()).unwrap().token;
            assert!(verifier.verify(&token).is_err());
        }
        assert!(verifier.verify(&issuer().issue(subject()).unwrap().token).is_err());
    }

    #[test]
    fn a_remembered_token_ends_with_its_time_and_with_its_key() {
        let vault = Vault::new(&[7; 32]).unwrap();
        let keys = KeyRing::throwaway(&vault).unwrap();
        // The leeway of five seconds lets it in once more; then its time is up.
        let settings =
            IdentitySettings { access_token_seconds: -4, ..IdentitySettings::new("https://concilia.test") };
        let issuer = TokenIssuer::new(keys.clone(), settings);
        let verifier = issuer.verifier();
        let token = issuer.issue(subject()).unwrap().token;
        assert!(verifier.verify(&token).is_ok());
        std::thread::sleep(std::time::Duration::from_secs(3));
        assert!(verifier.verify(&token).is_err());

        let lasting = TokenIssuer::new(keys.clone(), IdentitySettings::new("https://concilia.test"));
        let (verifier, token) = (lasting.verifier(), lasting.issue(subject()).unwrap().token);
        assert!(verifier.verify(&token).is_ok() && verifier.verify(&token).is_ok());
        keys.verifying_keys().replace(std::collections::HashMap::new());
        assert!(verifier.verify(&token).is_err());
    }

    #[test]
    fn remembering_one_token_lets_in_no_other() {
        let issuer = issuer();
        let verifier = issuer.verifier();
        let token = issuer.issue(subject()).unwrap().token;
        assert!(verifier.verify(&token).is_ok());
        let mut claims = part(&token, 1);
        claims["sub"] = json!(new_id());
        assert!(verifier.verify(&with_part(&token, 1, &claims)).is_err());
        assert!(verifier.verify(&format!("{token} ")).is_err());
        assert!(verifier.verify(&token).is_ok());
    }
}
