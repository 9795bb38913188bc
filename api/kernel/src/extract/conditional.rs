use crate::problem::{Code, FieldError, Problem};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};
use std::future::{Ready, ready};

/// Strong entity tag of a resource's version.
pub fn etag_of(version: i64) -> String {
    format!("\"{version}\"")
}

/// `If-Match`, required: 428 without it, 412 when it names another version.
#[derive(Debug, Clone)]
pub struct IfMatch(String);

impl IfMatch {
    /// Refuses with 412 unless the caller has seen `version`.
    pub fn check(&self, version: i64) -> Result<(), Problem> {
        if self.0 == "*" || self.0.split(',').any(|tag| tag.trim() == etag_of(version)) {
            return Ok(());
        }
        Err(Self::stale())
    }

    /// The versions it names, for a statement that checks them itself; `None` admits any.
    pub fn versions(&self) -> Option<Vec<i64>> {
        let version = |tag: &str| tag.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok();
        (self.0 != "*").then(|| self.0.split(',').filter_map(version).collect())
    }

    /// 412: the resource has another version than those the caller has seen.
    pub fn stale() -> Problem {
        Problem::new(Code::PreconditionFailed).explain(
            "La risorsa è cambiata dopo la lettura: rileggerla e riprovare.",
            "The resource changed after it was read: read it again and retry.",
        )
    }
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let tag = text(request, header::IF_MATCH.as_str());
        ready(tag.map(Self).ok_or_else(|| {
            Problem::new(Code::PreconditionRequired).with_error(FieldError::parameter("If-Match", "required"))
        }))
    }
}

/// `If-None-Match`, for reads that may answer 304.
#[derive(Debug, Clone)]
pub struct IfNoneMatch(Option<String>);

impl IfNoneMatch {
    /// Whether the caller already holds the representation with this tag.
    pub fn holds(&self, tag: &str) -> bool {
        self.0.as_deref().is_some_and(|held| {
            held == "*" || held.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)
        })
    }
}

impl FromRequest for IfNoneMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(text(request, header::IF_NONE_MATCH.as_str()))))
    }
}

/// `Idempotency-Key`, 1 to 255 visible ASCII characters.
#[derive(Debug, Clone)]
pub struct IdempotencyKey(pub Option<String>);

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(value) = request.headers().get("idempotency-key") else { return ready(Ok(Self(None))) };
        let key = value.to_str().ok().filter(|key| (1..=255).contains(&key.len()));
        ready(match key {
            Some(key) => Ok(Self(Some(key.to_owned()))),
            None => Err(Problem::new(Code::InvalidParameter)
                .with_error(FieldError::parameter("Idempotency-Key", "length"))),
        })
    }
}

fn text(request: &HttpRequest, name: &str) -> Option<String> {
    request.headers().get(name).and_then(|value| value.to_str().ok()).map(|value| value.trim().to_owned())
}
