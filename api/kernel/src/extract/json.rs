use super::{Incoming, validation};
use crate::problem::{Code, FieldError, Problem, Text};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};
use aws_lc_rs::digest;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::ops::Deref;
use validator::Validate;

/// Largest JSON body, in bytes. Bulk data has operations of its own.
pub const JSON_LIMIT: usize = 256 * 1024;

/// A JSON body that is well formed, of the right shape, and valid by its own rules.
///
/// 415 for another media type, 413 beyond [`JSON_LIMIT`], 408 when the caller stops sending, 400 when it cannot be read,
/// 422 when it breaks a rule.
#[derive(Debug)]
pub struct Json<T> {
    value: T,
    hash: [u8; 32],
}

impl<T> Json<T> {
    pub fn into_inner(self) -> T {
        self.value
    }

    /// SHA-256 of the body as received: tells a repeated request from a different one.
    pub fn hash(&self) -> [u8; 32] {
        self.hash
    }
}

impl<T> Deref for Json<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media_type = media_type(request);
        let payload = payload.take();
        Box::pin(async move {
            require_json(media_type.as_deref())?;
            let body = Incoming::new(payload, JSON_LIMIT as u64).whole().await?;
            let value = parse(&body)?;
            validation::check(&value)?;
            let mut hash = [0; 32];
            hash.copy_from_slice(digest::digest(&digest::SHA256, &body).as_ref());
            Ok(Self { value, hash })
        })
    }
}

/// Reads a value and checks it as the body of a request is: for what enters without one, such as the demo.
pub fn checked<T: DeserializeOwned + Validate>(value: &Value) -> Result<T, Problem> {
    let value = parse(value.to_string().as_bytes())?;
    validation::check(&value)?;
    Ok(value)
}

/// A JSON body as received, of at most `LIMIT` bytes, for those who read it themselves.
#[derive(Debug)]
pub struct JsonBytes<const LIMIT: usize>(Vec<u8>);

impl<const LIMIT: usize> Deref for JsonBytes<LIMIT> {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<const LIMIT: usize> FromRequest for JsonBytes<LIMIT> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media_type = media_type(request);
        let payload = payload.take();
        Box::pin(async move {
            require_json(media_type.as_deref())?;
            Ok(Self(Incoming::new(payload, LIMIT as u64).whole().await?))
        })
    }
}

fn media_type(request: &HttpRequest) -> Option<String> {
    request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).map(str::to_owned)
}

fn require_json(media_type: Option<&str>) -> Result<(), Problem> {
    if media_type.is_some_and(is_json) {
        return Ok(());
    }
    Err(Problem::new(Code::UnsupportedMediaType)
        .explain("Il corpo deve essere application/json in UTF-8.", "The body must be application/json in UTF-8."))
}

fn is_json(media_type: &str) -> bool {
    let mut parts = media_type.split(';').map(str::trim);
    let essence = parts.next().is_some_and(|e| e.eq_ignore_ascii_case("application/json"));
    essence
        && parts.all(|p| match p.to_ascii_lowercase().strip_prefix("charset=") {
            Some(charset) => charset.trim_matches('"') == "utf-8",
            None => true,
        })
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(body).map_err(|_| {
        Problem::new(Code::MalformedRequest).explain("Il corpo non è UTF-8.", "The body is not UTF-8.")
    })?;
    if has_nul_escape(text) {
        return Err(Problem::new(Code::MalformedRequest)
            .explain("Il carattere NUL non è ammesso.", "The NUL character is not allowed.")
            .with_error(FieldError::pointer("", "control_character")));
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = match serde_path_to_error::deserialize(&mut deserializer) {
        Ok(value) => value,
        Err(error) => {
            let well_formed = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
            return with_whole_numbers(text).ok_or_else(|| refusal(&error, well_formed));
        }
    };
    deserializer.end().map_err(|_| {
        Problem::new(Code::MalformedRequest)
            .explain("Testo dopo la fine del JSON.", "Text after the end of the JSON.")
    })?;
    Ok(value)
}

/// Reads the text once more with `5.0` taken for the integer 5, as JSON Schema does and serde does not.
fn with_whole_numbers<T: DeserializeOwned>(text: &str) -> Option<T> {
    let mut value = serde_json::from_str(text).ok()?;
    make_whole(&mut value).then(|| serde_json::from_value(value).ok())?
}

/// Whether there was such a number.
fn make_whole(value: &mut Value) -> bool {
    match value {
        Value::Number(number) => {
            let whole = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0);
            // Beyond 2^53 a float no longer says which integer was meant.
            let Some(whole) = whole.filter(|whole| whole.abs() < 9_007_199_254_740_992.0) else { return false };
            *value = Value::from(whole as i64);
            true
        }
        Value::Array(items) => items.iter_mut().fold(false, |found, item| make_whole(item) | found),
        Value::Object(fields) => fields.values_mut().fold(false, |found, field| make_whole(field) | found),
        _ => false,
    }
}

/// PostgreSQL text cannot hold U+0000, so it is refused at the door.
pub(crate) fn has_nul_escape(text: &str) -> bool {
    text.match_indices("\\u0000").any(|(at, _)| {
        let backslashes = text[..at].bytes().rev().take_while(|b| *b == b'\\').count();
        backslashes % 2 == 0
    })
}

/// Of a body that is not what was asked for. serde calls well-formed JSON malformed where an enumeration meets another type.
fn refusal(error: &serde_path_to_error::Error<serde_json::Error>, well_formed: bool) -> Problem {
    let problem = Problem::new(Code::MalformedRequest);
    if !well_formed {
        let (line, column) = (error.inner().line(), error.inner().column());
        return problem.explain(
            format!("JSON malformato alla riga {line}, colonna {column}."),
            format!("Malformed JSON at line {line}, column {column}."),
        );
    }
    let text = error.inner().to_string();
    let code = if text.starts_with("missing field") {
        "required"
    } else if text.starts_with("unknown field") {
        "unknown_field"
    } else if text.starts_with("duplicate field") {
        "duplicate"
    } else {
        "type"
    };
    let mut pointer = pointer_of(error.path());
    // serde names the missing or unknown field only in its message.
    if let (true, Some(name)) = (matches!(code, "required"), text.split('`').nth(1)) {
        pointer.push('/');
        pointer.push_str(name);
    }
    let fault = FieldError::pointer(pointer, code);
    // The values of an enumeration are public: they are in the contract.
    let Some((_, admitted)) = text.split_once(", expected ").filter(|_| text.starts_with("unknown variant"))
    else {
        return problem.with_error(fault);
    };
    let admitted = admitted.split('`').skip(1).step_by(2).collect::<Vec<_>>().join(", ");
    problem.with_error(
        fault.explain(&Text::new(format!("valori ammessi: {admitted}"), format!("admitted values: {admitted}"))),
    )
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => {
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
            Segment::Map { key } => {
                pointer.push('/');
                pointer.extend(key.replace('~', "~0").replace('/', "~1").chars().take(100));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_escapes_are_found_and_escaped_backslashes_are_not() {
        assert!(has_nul_escape(r#""a\u0000b""#));
        assert!(!has_nul_escape(r#""a\\u0000b""#));
        assert!(has_nul_escape(r#""a\\\u0000b""#));
    }

    #[test]
    fn a_whole_number_may_be_written_as_a_fraction() {
        assert_eq!(parse::<Vec<i32>>(b"[5.0, 6]").unwrap(), [5, 6]);
        assert!(parse::<Vec<i32>>(b"[5.5]").is_err());
        assert!(parse::<Vec<i32>>(b"[5.0] 6").is_err());
        assert!(parse::<Vec<i32>>(b"[3e9]").is_err());
    }

    #[test]
    fn another_type_where_an_enumeration_is_asked_for_names_the_field() {
        #[derive(Debug, serde::Deserialize)]
        #[allow(dead_code, reason = "only its refusals matter")]
        struct Body {
            kind: crate::Role,
        }
        for body in [r#"{"kind": null}"#, r#"{"kind": 0}"#, r#"{"kind": "x"}"#] {
            let told = format!("{:?}", parse::<Body>(body.as_bytes()).unwrap_err());
            assert!(told.contains("/kind"), "{body}: {told}");
        }
        let malformed = format!("{:?}", parse::<Body>(br#"{"kind": "#).unwrap_err());
        assert!(malformed.contains("Malformed JSON at line 1"), "{malformed}");
    }

    #[test]
    fn media_types() {
        assert!(is_json("application/json"));
        assert!(is_json("application/json; charset=UTF-8"));
        assert!(!is_json("application/json; charset=latin1"));
        assert!(!is_json("text/plain"));
    }
}
