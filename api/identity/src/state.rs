use crate::keys::KeyRing;
use crate::tokens::TokenIssuer;
use actix_web::web::{Data, ServiceConfig};
use concilia_kernel::Problem;
use concilia_kernel::auth::TokenVerifier;
use concilia_kernel::vault::Vault;
use diesel_async::AsyncPgConnection;

/// How tokens are issued.
#[derive(Debug, Clone)]
pub struct IdentitySettings {
    /// Address that callers know the server by, without a slash at the end; `iss` of the tokens.
    pub issuer: String,
    /// `aud` of the tokens.
    pub audience: String,
    /// Life of an access token: at most an hour, as replaced keys verify no longer.
    pub access_token_seconds: i32,
    /// Life of an unused refresh token.
    pub refresh_token_days: i32,
}

impl IdentitySettings {
    /// Ten minutes for access tokens, thirty days for refresh tokens; the issuer is the audience.
    pub fn new(issuer: &str) -> Self {
        let issuer = issuer.trim_end_matches('/').to_owned();
        Self { audience: issuer.clone(), issuer, access_token_seconds: 600, refresh_token_days: 30 }
    }

    pub(crate) fn refresh_token_seconds(&self) -> i32 {
        self.refresh_token_days.saturating_mul(24 * 60 * 60)
    }
}

/// What the server keeps of this context, shared by all threads.
#[derive(Clone)]
pub struct IdentityState {
    keys: KeyRing,
    issuer: TokenIssuer,
}

impl IdentityState {
    /// Reads the signing keys, which must exist: see [`crate::keys::ensure_signing_key`].
    pub async fn load(
        conn: &mut AsyncPgConnection,
        vault: &Vault,
        settings: IdentitySettings,
    ) -> Result<Self, Problem> {
        let keys = KeyRing::load(conn, vault).await?;
        Ok(Self { issuer: TokenIssuer::new(keys.clone(), settings), keys })
    }

    /// Picks up keys that were rotated elsewhere; every [`crate::keys::REFRESH_EVERY`].
    pub async fn refresh(&self, conn: &mut AsyncPgConnection) -> Result<(), Problem> {
        self.keys.refresh(conn).await
    }

    pub fn verifier(&self) -> TokenVerifier {
        self.issuer.verifier()
    }

    /// Gives the handlers what they need beside the pool and the vault.
    pub fn install(&self, config: &mut ServiceConfig) {
        config.app_data(Data::new(self.issuer.clone()));
    }
}
