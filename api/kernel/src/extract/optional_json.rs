use super::Json;
use crate::problem::Problem;
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};
use aws_lc_rs::digest;
use futures_util::{FutureExt, future::LocalBoxFuture};
use serde::de::DeserializeOwned;
use validator::Validate;

/// A JSON body, as [`Json`], that may be left out.
#[derive(Debug)]
pub struct OptionalJson<T>(Option<Json<T>>);

impl<T> OptionalJson<T> {
    pub fn value(&self) -> Option<&T> {
        self.0.as_deref()
    }

    /// SHA-256 of the body as received, also of an empty one.
    pub fn hash(&self) -> [u8; 32] {
        self.0.as_ref().map_or_else(
            || {
                let mut hash = [0; 32];
                hash.copy_from_slice(digest::digest(&digest::SHA256, b"").as_ref());
                hash
            },
            Json::hash,
        )
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for OptionalJson<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let length = request.headers().get(header::CONTENT_LENGTH);
        let chunked = request.headers().contains_key(header::TRANSFER_ENCODING);
        if !chunked && length.is_none_or(|length| length == "0") {
            return std::future::ready(Ok(Self(None))).boxed_local();
        }
        Json::from_request(request, payload).map(|body| body.map(|body| Self(Some(body)))).boxed_local()
    }
}
