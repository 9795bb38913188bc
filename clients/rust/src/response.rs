//! What the headers of an answer say.

use crate::generated::{self, ResponseValue, types};
use crate::problem::Error;
use reqwest::StatusCode;

/// Headers that matter to callers.
pub trait Response {
    fn header(&self, name: &str) -> Option<&str>;

    /// Tag of the state answered, for `if_match` and `if_none_match`.
    fn etag(&self) -> Option<&str> {
        self.header("etag")
    }

    /// Address of the resource made, or of the job that makes it.
    fn location(&self) -> Option<&str> {
        self.header("location")
    }

    /// Identifier of the request, to be quoted when asking for help.
    fn request_id(&self) -> Option<&str> {
        self.header("request-id")
    }
}

impl<T> Response for ResponseValue<T> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers().get(name)?.to_str().ok()
    }
}

/// The outcome of a read with `if_none_match`.
pub trait Conditional<T> {
    /// `None` when the copy already held is still good (304).
    fn unless_held(self) -> Result<Option<ResponseValue<T>>, Error>;
}

impl<T> Conditional<T> for Result<ResponseValue<T>, generated::Error<types::Problem>> {
    fn unless_held(self) -> Result<Option<ResponseValue<T>>, Error> {
        match self {
            Ok(response) => Ok(Some(response)),
            Err(generated::Error::UnexpectedResponse(r)) if r.status() == StatusCode::NOT_MODIFIED => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
