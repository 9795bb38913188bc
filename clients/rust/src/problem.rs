//! What can go wrong, with refusals of the server as typed data.

use crate::generated::{self, types};
use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;
use std::fmt;
use std::time::Duration;

/// Why a call gave no result.
#[derive(Debug)]
pub enum Error {
    /// The server refused, and said why.
    Refused(Box<Refusal>),
    /// The server could not be reached, or the connection broke.
    Unreachable(reqwest::Error),
    /// The request could not be made from what was given.
    Invalid(String),
    /// The answer is not one of the interface: another server, a proxy, or a version that is too new.
    NotUnderstood { status: Option<StatusCode>, reason: String },
}

/// A refusal (RFC 9457). `code` is stable and made to be compared; the texts are made to be read.
#[derive(Debug, Clone)]
pub struct Refusal {
    pub status: StatusCode,
    pub code: String,
    pub title: String,
    pub detail: String,
    /// Identifier of the request, to be quoted when asking for help.
    pub instance: String,
    /// Faults one by one: where, which rule, why.
    pub errors: Vec<types::FieldError>,
    /// How long to wait before trying again, when the server says so.
    pub retry_after: Option<Duration>,
}

impl Error {
    /// The stable code of a refusal.
    pub fn code(&self) -> Option<&str> {
        self.refusal().map(|refusal| refusal.code.as_str())
    }

    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused(refusal) => Some(refusal.status),
            Self::NotUnderstood { status, .. } => *status,
            Self::Unreachable(_) | Self::Invalid(_) => None,
        }
    }

    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(formatter),
            Self::Unreachable(error) => write!(formatter, "the server cannot be reached: {error}"),
            Self::Invalid(reason) => write!(formatter, "the request cannot be made: {reason}"),
            Self::NotUnderstood { reason, .. } => write!(formatter, "the answer is not understood: {reason}"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}: {}", self.status.as_u16(), self.code, self.detail)?;
        for error in &self.errors {
            let place = error.pointer.as_ref().or(error.parameter.as_ref()).map_or("", String::as_str);
            write!(formatter, "; {place} {}: {}", error.code, error.detail)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreachable(error) => Some(error),
            _ => None,
        }
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        if error.is_builder() { Self::Invalid(error.to_string()) } else { Self::Unreachable(error) }
    }
}

impl From<generated::Error<types::Problem>> for Error {
    fn from(error: generated::Error<types::Problem>) -> Self {
        use generated::Error as Generated;
        match error {
            Generated::ErrorResponse(response) => {
                let retry_after = retry_after(response.headers());
                let status = response.status();
                Self::Refused(Box::new(Refusal::new(status, retry_after, response.into_inner())))
            }
            Generated::CommunicationError(error)
            | Generated::ResponseBodyError(error)
            | Generated::InvalidUpgrade(error) => error.into(),
            Generated::InvalidRequest(reason) | Generated::Custom(reason) => Self::Invalid(reason),
            Generated::InvalidResponsePayload(body, error) => Self::NotUnderstood {
                status: None,
                reason: format!("{error} in {}", excerpt(&String::from_utf8_lossy(&body))),
            },
            Generated::UnexpectedResponse(response) => Self::NotUnderstood {
                status: Some(response.status()),
                reason: format!("status {} from {}", response.status(), response.url()),
            },
        }
    }
}

impl Error {
    /// Reads the refusal in a response that the generated code does not see.
    pub(crate) async fn from_response(response: reqwest::Response) -> Self {
        let (status, retry_after) = (response.status(), retry_after(response.headers()));
        match response.text().await {
            Err(error) => error.into(),
            Ok(body) => match serde_json::from_str(&body) {
                Ok(problem) => Self::Refused(Box::new(Refusal::new(status, retry_after, problem))),
                Err(_) => Self::NotUnderstood { status: Some(status), reason: excerpt(&body) },
            },
        }
    }
}

impl Refusal {
    fn new(status: StatusCode, retry_after: Option<Duration>, problem: types::Problem) -> Self {
        let types::Problem { code, title, detail, instance, errors, .. } = problem;
        Self { status, code, title, detail, instance, errors, retry_after }
    }
}

/// The seconds of `Retry-After`.
pub(crate) fn retry_after(headers: &reqwest::header::HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn excerpt(text: &str) -> String {
    text.chars().take(200).collect()
}
