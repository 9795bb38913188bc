use super::Role;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Claims of an access token (RFC 9068). Times are seconds since the epoch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccessClaims {
    pub iss: String,
    pub aud: String,
    /// Account, or API client.
    pub sub: Uuid,
    pub client_id: String,
    pub iat: i64,
    pub exp: i64,
    pub jti: Uuid,
    /// Login session; absent for machines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<Uuid>,
    pub territory: Uuid,
    pub roles: Vec<RoleClaim>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct RoleClaim {
    pub role: Role,
    pub organisation: Uuid,
}
