//! Sample integrations, made of the generated client alone: `hr-sync/` keeps the employees of an employer up to date,
//! `family-journey/` plays a voucher from its call to its payment. Here is what both need.

use std::fmt;

/// Why a sample stops: the client's refusal, or something that is not as it should be.
#[derive(Debug)]
pub enum Failure {
    Client(concilia_client::Error),
    Told(String),
}

impl Failure {
    pub fn told(reason: impl Into<String>) -> Self {
        Self::Told(reason.into())
    }
}

impl<E: Into<concilia_client::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Client(error.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(error) => error.fmt(formatter),
            Self::Told(reason) => reason.fmt(formatter),
        }
    }
}
