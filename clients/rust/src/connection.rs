use crate::auth::{Auth, NoToken};
use crate::retry::Retry;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Request, Response, StatusCode};
use std::fmt;
use std::sync::Arc;

/// What the calls of one client share: who it is, and how patient.
#[derive(Clone)]
pub struct Connection {
    pub(crate) auth: Arc<Auth>,
    pub(crate) retry: Retry,
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Connection").field("retry", &self.retry).finish_non_exhaustive()
    }
}

impl Connection {
    /// Sends with a token, and as often as it takes.
    pub(crate) async fn send(&self, http: &reqwest::Client, request: Request) -> reqwest::Result<Response> {
        self.retry.run(request, |request| self.send_once(http, request)).await
    }

    /// Once, or twice when the token turns out to be refused.
    async fn send_once(&self, http: &reqwest::Client, mut request: Request) -> reqwest::Result<Response> {
        let token = match self.auth.token().await {
            Ok(Some(token)) => token,
            Ok(None) => return http.execute(request).await,
            Err(no_token) => return no_token.into(),
        };
        let again = request.try_clone();
        authorize(&mut request, &token);
        let response = http.execute(request).await?;
        let Some(mut again) = again.filter(|_| response.status() == StatusCode::UNAUTHORIZED) else {
            return Ok(response);
        };
        match self.auth.replace(&token).await {
            Ok(Some(token)) => {
                authorize(&mut again, &token);
                http.execute(again).await
            }
            Ok(None) => Ok(response),
            Err(no_token) => no_token.into(),
        }
    }
}

/// A refused log-in is the answer to the call that needed it.
impl From<NoToken> for reqwest::Result<Response> {
    fn from(no_token: NoToken) -> Self {
        match no_token {
            NoToken::Refused(response) => Ok(response),
            NoToken::Unreachable(error) => Err(error),
        }
    }
}

fn authorize(request: &mut Request, token: &str) {
    // A token that cannot stand in a header is sent as none, and the server says what is missing.
    if let Ok(mut value) = HeaderValue::from_str(&format!("Bearer {token}")) {
        value.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, value);
    }
}
