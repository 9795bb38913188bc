use crate::auth::{Auth, Credentials, Session};
use crate::connection::Connection;
use crate::generated::Client;
use crate::problem::Error;
use crate::retry::Retry;
use reqwest::header::{ACCEPT_LANGUAGE, HeaderMap, HeaderValue};
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

/// A client that is logged in: every operation of the interface is a method.
#[derive(Debug, Clone)]
pub struct Concilia(Client);

impl Concilia {
    /// `base_url` is the address of the server, such as `http://127.0.0.1:8080`.
    pub fn builder(base_url: impl Into<String>) -> Builder {
        Builder {
            base_url: base_url.into().trim_end_matches('/').to_owned(),
            identity: Identity::None,
            language: None,
            retry: Retry::default(),
        }
    }

    /// The access token in use, for calls made by other means.
    pub async fn access_token(&self) -> Result<Option<String>, Error> {
        match self.0.inner.auth.token().await {
            Ok(token) => Ok(token),
            Err(no_token) => Err(no_token.into_error().await),
        }
    }
}

impl Deref for Concilia {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.0
    }
}

/// Settings of a client.
#[must_use]
pub struct Builder {
    base_url: String,
    identity: Identity,
    language: Option<String>,
    retry: Retry,
}

enum Identity {
    None,
    Bearer(String),
    Own(Credentials),
}

impl Builder {
    /// A person, by `POST /v1/sessions`.
    pub fn password(mut self, email: impl Into<String>, password: impl Into<String>) -> Self {
        self.identity = Identity::Own(Credentials::Password { email: email.into(), password: password.into() });
        self
    }

    /// A machine, by `client_credentials`.
    pub fn client_credentials(mut self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.identity = Identity::Own(Credentials::Client { id: id.into(), secret: secret.into() });
        self
    }

    /// A token got elsewhere, which is neither checked nor renewed.
    pub fn bearer(mut self, token: impl Into<String>) -> Self {
        self.identity = Identity::Bearer(token.into());
        self
    }

    /// Language of the texts in answers: `it` or `en`.
    pub fn accept_language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }

    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Logs in, unless no credentials were given.
    pub async fn connect(self) -> Result<Concilia, Error> {
        let concilia = self.build()?;
        concilia.access_token().await?;
        Ok(concilia)
    }

    fn build(self) -> Result<Concilia, Error> {
        let mut headers = HeaderMap::new();
        if let Some(language) = &self.language {
            let value = HeaderValue::from_str(language).map_err(|error| Error::Invalid(error.to_string()))?;
            headers.insert(ACCEPT_LANGUAGE, value);
        }
        let http = reqwest::Client::builder()
            .user_agent(concat!("concilia-client/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_mins(1))
            .build()?;
        let auth = match self.identity {
            Identity::None => Auth::None,
            Identity::Bearer(token) => Auth::Bearer(token),
            Identity::Own(credentials) => {
                Auth::Own(Box::new(Session::new(http.clone(), &self.base_url, credentials)))
            }
        };
        let connection = Connection { auth: Arc::new(auth), retry: self.retry };
        Ok(Concilia(Client::new_with_client(&self.base_url, http, connection)))
    }
}
