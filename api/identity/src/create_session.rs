use crate::accounts::{self, Login};
use crate::password;
use crate::throttle::{self, Target};
use crate::tokens::TokenIssuer;
use crate::{Email, login_sessions};
use actix_web::http::header;
use actix_web::{HttpResponse, post, web::Data};
use concilia_kernel::extract::{Json, PeerAddress};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Code, Db, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Who logs in.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSession {
    /// E-mail address of the account; upper and lower case are the same.
    #[schema(format = "email", min_length = 3, max_length = 254, example = "anna.bianchi@example.it")]
    #[validate(length(min = 3, max = 254))]
    email: String,
    /// Password of the account.
    #[schema(
        format = "password",
        min_length = 1,
        max_length = 128,
        pattern = r"^[^\x00]+$",
        example = "una frase lunga e segreta"
    )]
    #[validate(length(min = 1, max = 128))]
    password: String,
}

/// The tokens of a login session.
#[derive(Serialize, ToSchema)]
pub struct SessionTokens {
    /// Access token (RFC 9068), for the header `Authorization`.
    #[schema(min_length = 1, max_length = 8192, pattern = r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$")]
    access_token: String,
    /// How the access token is sent.
    #[schema(max_length = 6, pattern = "^Bearer$", example = "Bearer")]
    token_type: &'static str,
    /// Life of the access token, in seconds.
    #[schema(minimum = 1, maximum = 3_600, example = 600)]
    expires_in: i32,
    /// Good once, at `POST /oauth/token`, for the next pair of tokens.
    #[schema(min_length = 43, max_length = 43, pattern = "^[A-Za-z0-9_-]{43}$")]
    refresh_token: String,
    /// Life of the refresh token, in seconds.
    #[schema(minimum = 1, maximum = 31_622_400, example = 2_592_000)]
    refresh_expires_in: i32,
}

/// Log in
///
/// Opens a login session with the e-mail address and password of an account. Keep the refresh token: it gives the
/// next pair of tokens at `POST /oauth/token`, once. Whoever fails again and again, for an account or from an
/// address, has to wait (429 `too_many_attempts`).
#[utoipa::path(
    tag = "identity",
    request_body(content = CreateSession,
                 example = json!({"email": "anna.bianchi@example.it", "password": "una frase lunga e segreta"})),
    responses((status = 201, description = "The tokens of the new session.", body = SessionTokens)),
)]
#[post("/v1/sessions")]
pub async fn create_session(
    db: Data<Db>,
    vault: Data<Vault>,
    issuer: Data<TokenIssuer>,
    peer: PeerAddress,
    body: Json<CreateSession>,
) -> Result<HttpResponse, Problem> {
    let email = Email::normalise(&body.email);
    let account = Target::account(&vault, &email);
    let targets = [account, Target::address(&vault, peer)];
    let login = {
        let reader = db.reader().await?;
        throttle::check(&mut &**reader, &targets).await?;
        accounts::find_login(&mut &**reader, &email).await?
    };
    let hash = login.as_ref().map(|login| login.password_hash.clone());
    let right = password::verify(hash, &body.password).await?;
    let mut conn = db.conn().await?;
    let Some(login) = login.filter(|_| right) else {
        throttle::record_failure(&mut conn, &targets).await?;
        return Err(Problem::new(Code::InvalidCredentials));
    };
    throttle::reset(&mut conn, &account).await?;
    let tokens = open(&mut conn, &issuer, &login).await?;
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(tokens))
}

async fn open(
    conn: &mut diesel_async::AsyncPgConnection,
    issuer: &TokenIssuer,
    login: &Login,
) -> Result<SessionTokens, Problem> {
    let opened = login_sessions::open(conn, login, issuer.settings().refresh_token_days).await?;
    let access = issuer.issue(opened.subject)?;
    Ok(SessionTokens {
        access_token: access.token,
        token_type: "Bearer",
        expires_in: access.expires_in,
        refresh_token: opened.refresh_token,
        refresh_expires_in: issuer.settings().refresh_token_seconds(),
    })
}
