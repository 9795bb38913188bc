use super::validation;
use crate::problem::{Code, FieldError, Problem};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;
use std::future::{Ready, ready};
use std::ops::Deref;
use validator::Validate;

/// Query parameters: unknown names, wrong types and broken limits answer 400 naming the parameter.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T> Deref for Query<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + Validate> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse_query(request.query_string()).map(Self))
    }
}

fn parse_query<T: DeserializeOwned + Validate>(query: &str) -> Result<T, Problem> {
    if let Some((name, _)) = form_urlencoded::parse(query.as_bytes()).find(|(_, value)| value.contains('\0')) {
        return Err(
            Problem::new(Code::InvalidParameter).with_error(FieldError::parameter(name, "control_character"))
        );
    }
    let deserializer = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    let value: T = serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let text = error.inner().to_string();
        let quoted = text.split('`').nth(1).unwrap_or_default().chars().take(64).collect::<String>();
        let (name, code) = if text.starts_with("unknown field") {
            (quoted, "unknown_field")
        } else if text.starts_with("missing field") {
            (quoted, "required")
        } else if text.starts_with("duplicate field") {
            (quoted, "duplicate")
        } else {
            (error.path().to_string(), "type")
        };
        Problem::new(Code::InvalidParameter).with_error(FieldError::parameter(name, code))
    })?;
    validation::check_query(&value)?;
    Ok(value)
}

/// Path parameters: a malformed one answers 400.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T> Path<T> {
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Path<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Path<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let path = actix_web::web::Path::<T>::from_request(request, payload).into_inner();
        ready(path.map(|path| Self(path.into_inner())).map_err(|_| {
            let name = request.match_info().iter().next().map_or("path", |(name, _)| name).to_owned();
            Problem::new(Code::InvalidParameter).with_error(FieldError::parameter(name, "type"))
        }))
    }
}
