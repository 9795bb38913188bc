//! How a machine says who it is: `client_secret_basic` or `client_secret_post` (RFC 6749, section 2.3.1).

use actix_web::{HttpRequest, http::header};
use base64::{Engine, engine::general_purpose::STANDARD};
use concilia_kernel::{Code, FieldError, Problem};
use std::borrow::Cow;

/// The name and secret that a client gave.
#[derive(PartialEq, Eq)]
pub struct ClientSecret {
    pub client_id: String,
    pub secret: String,
}

/// Reads the credentials from the header or from the form, not from both. 401 without any.
pub fn credentials(
    request: &HttpRequest,
    client_id: Option<String>,
    secret: Option<String>,
) -> Result<ClientSecret, Problem> {
    let header = request.headers().get(header::AUTHORIZATION);
    match (header, client_id, secret) {
        (Some(header), client_id, None) => {
            let given = header.to_str().ok().and_then(basic).ok_or_else(refused)?;
            // The name may come in both places (RFC 6749, section 3.2.1), if it is the same.
            if client_id.is_some_and(|client_id| client_id != given.client_id) {
                return Err(twice());
            }
            Ok(given)
        }
        (Some(_), _, Some(_)) => Err(twice()),
        (None, Some(client_id), Some(secret)) => Ok(ClientSecret { client_id, secret }),
        (None, ..) => Err(refused()),
    }
}

/// Wrong or missing credentials, whatever is wrong with them.
pub fn refused() -> Problem {
    Problem::new(Code::InvalidCredentials).oauth_error("invalid_client")
}

fn twice() -> Problem {
    Problem::new(Code::MalformedRequest)
        .oauth_error("invalid_request")
        .explain("Credenziali date in due modi.", "Credentials given in two ways.")
        .with_error(FieldError::pointer("/client_secret", "duplicate"))
}

fn basic(header: &str) -> Option<ClientSecret> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (client_id, secret) = text.split_once(':')?;
    Some(ClientSecret { client_id: form_decoded(client_id)?, secret: form_decoded(secret)? })
}

/// Each half is encoded as in a form before it is joined.
fn form_decoded(text: &str) -> Option<String> {
    let (name, value): (Cow<'_, str>, Cow<'_, str>) = form_urlencoded::parse(text.as_bytes()).next()?;
    (value.is_empty() && !name.contains(char::is_control)).then(|| name.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn given(
        header: Option<&str>,
        client_id: Option<&str>,
        secret: Option<&str>,
    ) -> Result<(String, String), Code> {
        let mut request = TestRequest::default();
        if let Some(header) = header {
            request = request.insert_header((header::AUTHORIZATION, header));
        }
        credentials(&request.to_http_request(), client_id.map(str::to_owned), secret.map(str::to_owned))
            .map(|given| (given.client_id, given.secret))
            .map_err(|problem| problem.code())
    }

    fn pair(client_id: &str, secret: &str) -> (String, String) {
        (client_id.to_owned(), secret.to_owned())
    }

    #[test]
    fn credentials_come_in_the_header_or_in_the_form() {
        let header = format!("Basic {}", STANDARD.encode("hr%2Esync:s%2Becret"));
        assert_eq!(given(Some(&header), None, None), Ok(pair("hr.sync", "s+ecret")));
        assert_eq!(given(Some(&header), Some("hr.sync"), None), Ok(pair("hr.sync", "s+ecret")));
        assert_eq!(given(None, Some("hr.sync"), Some("secret")), Ok(pair("hr.sync", "secret")));
    }

    #[test]
    fn never_in_both() {
        let header = format!("basic {}", STANDARD.encode("hr:secret"));
        assert_eq!(given(Some(&header), Some("hr"), Some("secret")), Err(Code::MalformedRequest));
        assert_eq!(given(Some(&header), Some("other"), None), Err(Code::MalformedRequest));
    }

    #[test]
    fn whatever_cannot_be_read_is_wrong() {
        let nul = format!("Basic {}", STANDARD.encode("hr%00:secret"));
        for header in ["Basic", "Basic !", "Basic aHI=", "Bearer aHI6c2VjcmV0", &nul] {
            assert_eq!(given(Some(header), None, None), Err(Code::InvalidCredentials), "{header}");
        }
        assert_eq!(given(None, Some("hr"), None), Err(Code::InvalidCredentials));
    }
}
