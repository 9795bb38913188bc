use crate::throttle::{self, Target};
use crate::tokens::{FIRST_PARTY_CLIENT, Subject, TokenIssuer};
use crate::{client_authentication, clients, form, login_sessions};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, post, web};
use concilia_kernel::extract::PeerAddress;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Code, Db, FieldError, Problem};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use web::Data;

/// What a token is asked with (RFC 6749).
#[derive(Deserialize, ToSchema)]
#[serde(tag = "grant_type", rename_all = "snake_case", deny_unknown_fields)]
pub enum TokenRequest {
    /// A machine, in its own name. Its credentials come here or in the header `Authorization: Basic`.
    ClientCredentials {
        /// Name of the API client.
        #[schema(nullable = false, min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9._-]+$")]
        client_id: Option<String>,
        /// Secret of the API client.
        #[schema(nullable = false, format = "password", min_length = 1, max_length = 256, pattern = "^[!-~]+$")]
        client_secret: Option<String>,
    },
    /// Who logged in, for the next pair of tokens of the session.
    RefreshToken {
        /// The session's last refresh token: it is good once.
        #[schema(format = "password", min_length = 1, max_length = 256, pattern = "^[!-~]+$")]
        refresh_token: String,
        /// Not needed; `concilia-portal` where a library insists.
        #[schema(nullable = false, min_length = 1, max_length = 64, pattern = "^concilia-portal$")]
        client_id: Option<String>,
    },
}

/// Tokens (RFC 6749, section 5.1).
#[derive(Serialize, ToSchema)]
pub struct TokenResponse {
    /// Access token (RFC 9068), for the header `Authorization`.
    #[schema(min_length = 1, max_length = 8192, pattern = r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$")]
    access_token: String,
    /// How the access token is sent.
    #[schema(max_length = 6, pattern = "^Bearer$", example = "Bearer")]
    token_type: &'static str,
    /// Life of the access token, in seconds.
    #[schema(minimum = 1, maximum = 3_600, example = 600)]
    expires_in: i32,
    /// The session's next refresh token; machines get none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 43, max_length = 43, pattern = "^[A-Za-z0-9_-]{43}$")]
    refresh_token: Option<String>,
    /// Life of the refresh token, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 31_622_400, example = 2_592_000)]
    refresh_expires_in: Option<i32>,
}

/// Ask for a token
///
/// The OAuth 2.0 token endpoint (RFC 6749): `client_credentials` for machines, `refresh_token` for who logged in with
/// `POST /v1/sessions`. A refresh token is good once: a second use, as of a stolen one, ends the whole session.
///
/// Refusals are problems that carry OAuth's own code as well, in `error`: `invalid_client` (401), `invalid_grant`,
/// `invalid_request`, `invalid_scope` and `unsupported_grant_type` (400). There are no scopes: roles decide. Unknown
/// parameters are refused, here as everywhere.
#[utoipa::path(
    tag = "identity",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded",
                 example = json!({"grant_type": "client_credentials", "client_id": "hr-example",
                                  "client_secret": "Zm9yLXRoZS1kb2N1bWVudGF0aW9uLW9ubHktMDAwMDA"})),
    responses((status = 200, description = "The tokens.", body = TokenResponse)),
)]
#[post("/oauth/token")]
pub async fn create_token(
    request: HttpRequest,
    db: Data<Db>,
    vault: Data<Vault>,
    issuer: Data<TokenIssuer>,
    peer: PeerAddress,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let form = form::read(&request, payload).await.map_err(|problem| problem.oauth_error("invalid_request"))?;
    let tokens = match grant(form)? {
        TokenRequest::ClientCredentials { client_id, client_secret } => {
            let given = client_authentication::credentials(&request, client_id, client_secret)?;
            let address = Target::address(&vault, peer);
            let targets = [Target::client(&vault, &given.client_id, peer), address];
            let subject = machine(&db, &given, &targets).await?;
            let access = issuer.issue(subject)?;
            TokenResponse {
                access_token: access.token,
                token_type: "Bearer",
                expires_in: access.expires_in,
                refresh_token: None,
                refresh_expires_in: None,
            }
        }
        TokenRequest::RefreshToken { refresh_token, client_id } => {
            let ours = client_id.is_none_or(|client_id| client_id == FIRST_PARTY_CLIENT);
            if !ours {
                return Err(invalid_grant());
            }
            renewed(&db, &issuer, &refresh_token).await?
        }
    };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(tokens))
}

/// The client that gave the right secret.
async fn machine(
    db: &Db,
    given: &client_authentication::ClientSecret,
    targets: &[Target; 2],
) -> Result<Subject, Problem> {
    let client = {
        let reader = db.reader().await?;
        throttle::check(&mut &**reader, targets).await?;
        clients::find_by_client_id(&mut &**reader, &given.client_id).await?
    };
    let Some(client) = client.filter(|client| client.has_secret(&given.secret)) else {
        throttle::record_failure(&mut *db.conn().await?, targets).await?;
        return Err(client_authentication::refused());
    };
    throttle::reset(&mut *db.conn().await?, &targets[0]).await?;
    Ok(Subject {
        id: client.id,
        roles: vec![client.binding()],
        client_id: client.client_id,
        territory_id: client.territory_id,
        login_session_id: None,
    })
}

async fn renewed(db: &Db, issuer: &TokenIssuer, refresh_token: &str) -> Result<TokenResponse, Problem> {
    let mut conn = db.conn().await?;
    let renewal = login_sessions::renew(&mut conn, refresh_token, issuer.settings().refresh_token_days).await?;
    let renewal = renewal.ok_or_else(invalid_grant)?;
    let access = issuer.issue(renewal.subject)?;
    Ok(TokenResponse {
        access_token: access.token,
        token_type: "Bearer",
        expires_in: access.expires_in,
        refresh_token: Some(renewal.refresh_token),
        refresh_expires_in: Some(issuer.settings().refresh_token_seconds()),
    })
}

fn invalid_grant() -> Problem {
    Problem::new(Code::InvalidGrant).oauth_error("invalid_grant")
}

/// What is asked for. The error codes are those of RFC 6749, section 5.2.
fn grant(form: Map<String, Value>) -> Result<TokenRequest, Problem> {
    let refused = |name: &str, code: &str| {
        Problem::new(Code::MalformedRequest).with_error(FieldError::pointer(form::pointer(name), code))
    };
    if form.contains_key("scope") {
        return Err(refused("scope", "unknown_field").oauth_error("invalid_scope"));
    }
    serde_json::from_value(Value::Object(form)).map_err(|error| {
        let text = error.to_string();
        let name = text.split('`').nth(1).unwrap_or_default();
        if text.starts_with("unknown variant") {
            return Problem::new(Code::UnsupportedGrantType).oauth_error("unsupported_grant_type");
        }
        let code = if text.starts_with("missing field") { "required" } else { "unknown_field" };
        refused(name, code).oauth_error("invalid_request")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn code(form: Value) -> Result<TokenRequest, Code> {
        let Value::Object(form) = form else { panic!("a form is an object") };
        grant(form).map_err(|problem| problem.code())
    }

    #[test]
    fn both_grants_are_read() {
        let machine = code(json!({"grant_type": "client_credentials", "client_id": "hr"}));
        assert!(matches!(machine, Ok(TokenRequest::ClientCredentials { client_secret: None, .. })));
        let person = code(json!({"grant_type": "refresh_token", "refresh_token": "x"}));
        assert!(matches!(person, Ok(TokenRequest::RefreshToken { client_id: None, .. })));
    }

    #[test]
    fn anything_else_is_refused_for_its_reason() {
        let refused = |form| code(form).err();
        assert_eq!(refused(json!({"grant_type": "password"})), Some(Code::UnsupportedGrantType));
        for form in [
            json!({}),
            json!({"grant_type": "refresh_token"}),
            json!({"grant_type": "client_credentials", "audience": "x"}),
            json!({"grant_type": "client_credentials", "scope": "x"}),
        ] {
            assert_eq!(refused(form), Some(Code::MalformedRequest));
        }
    }
}
