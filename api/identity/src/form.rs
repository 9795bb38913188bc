//! Bodies of `application/x-www-form-urlencoded`, which OAuth prescribes. Each parameter comes once;
//! one without a value counts as absent (RFC 6749, section 3.2).

use actix_web::{HttpRequest, http::header, web};
use concilia_kernel::extract::Incoming;
use concilia_kernel::{Code, FieldError, Problem};
use serde_json::{Map, Value};

/// Largest body, in bytes.
const LIMIT: u64 = 16 * 1024;

/// The parameters by name: 415 for another media type, 413 beyond 16 KiB, 408 when the caller stops
/// sending, 400 when they cannot be read or one is repeated.
pub async fn read(request: &HttpRequest, payload: web::Payload) -> Result<Map<String, Value>, Problem> {
    let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !media_type.is_some_and(is_form) {
        return Err(Problem::new(Code::UnsupportedMediaType).explain(
            "Il corpo deve essere application/x-www-form-urlencoded in UTF-8.",
            "The body must be application/x-www-form-urlencoded in UTF-8.",
        ));
    }
    parse(&Incoming::new(payload, LIMIT).whole().await?)
}

fn is_form(media_type: &str) -> bool {
    let mut parts = media_type.split(';').map(|part| part.trim().to_ascii_lowercase());
    parts.next().is_some_and(|essence| essence == "application/x-www-form-urlencoded")
        && parts
            .all(|part| part.strip_prefix("charset=").is_none_or(|charset| charset.trim_matches('"') == "utf-8"))
}

fn parse(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    let mut parameters = Map::new();
    for (name, value) in form_urlencoded::parse(body).filter(|(_, value)| !value.is_empty()) {
        // What is not UTF-8 decodes to the replacement character.
        if [&name, &value].iter().any(|text| text.contains(|c: char| c.is_control() || c == '\u{fffd}')) {
            return Err(
                Problem::new(Code::MalformedRequest).with_error(FieldError::pointer("", "control_character"))
            );
        }
        if parameters.contains_key(name.as_ref()) {
            return Err(
                Problem::new(Code::MalformedRequest).with_error(FieldError::pointer(pointer(&name), "duplicate"))
            );
        }
        parameters.insert(name.into_owned(), Value::String(value.into_owned()));
    }
    Ok(parameters)
}

/// JSON Pointer of a parameter, cut to a length fit for an answer.
pub fn pointer(name: &str) -> String {
    let escaped = name.replace('~', "~0").replace('/', "~1");
    format!("/{}", escaped.chars().take(100).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_come_once_and_empty_ones_do_not_count() {
        let read = parse(b"grant_type=client_credentials&client_id=&client_id=a%2Bb").unwrap();
        assert_eq!(
            Value::Object(read),
            serde_json::json!({"grant_type": "client_credentials", "client_id": "a+b"})
        );
        assert!(parse(b"a=1&a=1").is_err());
    }

    #[test]
    fn what_cannot_be_stored_or_read_is_refused() {
        for refused in [&b"a=%00"[..], b"a=%ff", b"a=\xff", b"%0a=1"] {
            assert!(parse(refused).is_err());
        }
    }

    #[test]
    fn media_types() {
        assert!(is_form("application/x-www-form-urlencoded"));
        assert!(is_form("Application/X-WWW-Form-Urlencoded; charset=UTF-8"));
        assert!(!is_form("application/x-www-form-urlencoded; charset=latin1"));
        assert!(!is_form("application/json"));
    }
}
