//! Tokens: got at the first call, renewed shortly before they expire or when the server refuses one. However many calls
//! run at once, one renewal is under way: refresh tokens rotate, and using one twice ends the session.

use crate::problem::Error;
use reqwest::Response;
use serde::Deserialize;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How the client proves who it is.
pub(crate) enum Auth {
    /// Public operations only.
    None,
    /// A token got elsewhere, used as it is.
    Bearer(String),
    /// Tokens of its own, by these credentials.
    Own(Box<Session>),
}

pub(crate) enum Credentials {
    Password { email: String, password: String },
    Client { id: String, secret: String },
}

pub(crate) struct Session {
    http: reqwest::Client,
    base_url: String,
    credentials: Credentials,
    tokens: Mutex<Option<Tokens>>,
}

struct Tokens {
    access: String,
    /// When to renew: a little before the server would refuse.
    renew_at: Instant,
    refresh: Option<String>,
}

#[derive(Deserialize)]
struct Grant {
    access_token: String,
    /// Seconds.
    expires_in: u64,
    refresh_token: Option<String>,
}

/// Why there is no token.
pub(crate) enum NoToken {
    /// The answer of the server, to be handed to the caller as it is.
    Refused(Response),
    Unreachable(reqwest::Error),
}

impl From<reqwest::Error> for NoToken {
    fn from(error: reqwest::Error) -> Self {
        Self::Unreachable(error)
    }
}

impl Auth {
    /// A token that is good for a while; `None` when calls go without.
    pub(crate) async fn token(&self) -> Result<Option<String>, NoToken> {
        match self {
            Self::None => Ok(None),
            Self::Bearer(token) => Ok(Some(token.clone())),
            Self::Own(session) => session.token().await.map(Some),
        }
    }

    /// Another token than `refused`; `None` when there is no way to get one.
    pub(crate) async fn replace(&self, refused: &str) -> Result<Option<String>, NoToken> {
        match self {
            Self::None | Self::Bearer(_) => Ok(None),
            Self::Own(session) => session.replace(refused).await.map(Some),
        }
    }
}

impl Session {
    pub(crate) fn new(http: reqwest::Client, base_url: &str, credentials: Credentials) -> Self {
        Self { http, base_url: base_url.to_owned(), credentials, tokens: Mutex::new(None) }
    }

    async fn token(&self) -> Result<String, NoToken> {
        let mut tokens = self.tokens.lock().await;
        match tokens.as_ref() {
            Some(good) if Instant::now() < good.renew_at => Ok(good.access.clone()),
            _ => self.renew(&mut tokens).await,
        }
    }

    async fn replace(&self, refused: &str) -> Result<String, NoToken> {
        let mut tokens = self.tokens.lock().await;
        match tokens.as_ref() {
            // Another call was refused too, and renewed it while this one waited.
            Some(renewed) if renewed.access != refused => Ok(renewed.access.clone()),
            _ => self.renew(&mut tokens).await,
        }
    }

    /// Runs under the lock: the others wait for its result.
    async fn renew(&self, tokens: &mut Option<Tokens>) -> Result<String, NoToken> {
        // Taken, not read: should this call be dropped half-way, the token may be spent already.
        let refresh = tokens.take().and_then(|tokens| tokens.refresh);
        let granted = match refresh {
            Some(refresh) => self.refresh(&refresh).await?,
            None => None,
        };
        let granted = match granted {
            Some(granted) => granted,
            None => self.log_in().await?,
        };
        let lifetime = Duration::from_secs(granted.expires_in);
        let margin = (lifetime / 10).min(Duration::from_secs(30));
        let access = granted.access_token.clone();
        *tokens = Some(Tokens {
            access: granted.access_token,
            renew_at: Instant::now() + lifetime.saturating_sub(margin),
            refresh: granted.refresh_token,
        });
        Ok(access)
    }

    /// `None` when the refresh token is no longer good.
    async fn refresh(&self, token: &str) -> Result<Option<Grant>, NoToken> {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        let response = self.http.post(self.url("/oauth/token")).form(&form).send().await?;
        if response.status().is_client_error() {
            return Ok(None);
        }
        granted(response).await.map(Some)
    }

    async fn log_in(&self) -> Result<Grant, NoToken> {
        let request = match &self.credentials {
            Credentials::Client { id, secret } => {
                let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
                self.http.post(self.url("/oauth/token")).form(&form)
            }
            Credentials::Password { email, password } => {
                self.http.post(self.url("/v1/sessions")).json(&json!({ "email": email, "password": password }))
            }
        };
        granted(request.send().await?).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }
}

async fn granted(response: Response) -> Result<Grant, NoToken> {
    if !response.status().is_success() {
        return Err(NoToken::Refused(response));
    }
    Ok(response.json().await?)
}

impl NoToken {
    pub(crate) async fn into_error(self) -> Error {
        match self {
            Self::Refused(response) => Error::from_response(response).await,
            Self::Unreachable(error) => error.into(),
        }
    }
}
