use crate::problem::{Code, FieldError, Problem};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};
use std::future::{Ready, ready};

/// Strong entity tag of a resource's version.
pub fn etag_of(version: i64) -> String {
    format!("\"{version}\"")
}

/// Most characters of a header with entity tags.
const LONGEST: usize = 720;
/// Most entity tags in one header.
const MOST_TAGS: usize = 10;

/// `If-Match`, required: 428 without it, 400 when it is not a list of entity tags, 412 when it names another version.
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
        let version = |tag: &str| {
            let version: i64 = tag.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok()?;
            (etag_of(version) == tag.trim()).then_some(version)
        };
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
        ready(entity_tags(request).and_then(|tags| {
            tags.map(Self).ok_or_else(|| {
                Problem::new(Code::PreconditionRequired).with_error(FieldError::parameter("If-Match", "required"))
            })
        }))
    }
}

/// `If-None-Match`, for reads that may answer 304. What is no entity tag matches none.
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
        let value = request.headers().get(header::IF_NONE_MATCH);
        if value.is_some_and(|value| value.len() > LONGEST) {
            return ready(Err(invalid("If-None-Match", "length")));
        }
        ready(Ok(Self(value.and_then(|value| value.to_str().ok()).map(|value| value.trim().to_owned()))))
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
        let key = value
            .to_str()
            .ok()
            .filter(|key| (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()));
        ready(match key {
            Some(key) => Ok(Self(Some(key.to_owned()))),
            None => Err(Problem::new(Code::InvalidParameter)
                .with_error(FieldError::parameter("Idempotency-Key", "length"))),
        })
    }
}

/// Refuses with 400 an `If-Match` that is no list of entity tags: where the header is optional, `Option<IfMatch>` takes it
/// for absent, and the caller would go unguarded.
pub fn check_if_match(request: &HttpRequest) -> Result<(), Problem> {
    entity_tags(request).map(|_| ())
}

/// `If-Match`: `*`, or entity tags (RFC 9110, section 8.8.3) without commas.
fn entity_tags(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(value) = request.headers().get(header::IF_MATCH) else { return Ok(None) };
    let tags = value.to_str().ok().map(str::trim).filter(|tags| tags.len() <= LONGEST && are_entity_tags(tags));
    tags.map(|tags| Some(tags.to_owned())).ok_or_else(|| invalid("If-Match", "type"))
}

fn invalid(header: &'static str, code: &'static str) -> Problem {
    Problem::new(Code::InvalidParameter).with_error(FieldError::parameter(header, code))
}

fn are_entity_tags(text: &str) -> bool {
    let is_tag = |tag: &str| {
        let tag = tag.trim_matches([' ', '\t']);
        let quoted = tag.strip_prefix("W/").unwrap_or(tag);
        let opaque = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        opaque.is_some_and(|opaque| {
            (1..=64).contains(&opaque.len()) && opaque.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"')
        })
    };
    text == "*" || (text.split(',').all(is_tag) && text.split(',').count() <= MOST_TAGS)
}

#[cfg(test)]
mod tests {
    use super::are_entity_tags;

    #[test]
    fn entity_tags_are_told_from_other_text() {
        for tags in ["*", "\"7\"", "W/\"7\"", "\"6\", \"7\"", "\"6\",W/\"7\""] {
            assert!(are_entity_tags(tags), "{tags}");
        }
        for text in ["", "7", "\"\"", "\"7", "*, \"7\"", "\"7\" \"8\"", "\"a b\"", "\"7\","] {
            assert!(!are_entity_tags(text), "{text}");
        }
    }
}
