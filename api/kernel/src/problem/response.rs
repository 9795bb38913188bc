//! A problem as the caller receives it.

use super::{Code, FieldError, Problem, codes::field_text};
use crate::language::{self, Language};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

/// Problem details (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// Stable URI of the code.
    #[serde(rename = "type")]
    #[schema(format = "uri", max_length = 255, example = "https://concilia.example/problems/not_found")]
    pub type_: String,
    /// The code in words, in the caller's language.
    #[schema(max_length = 255, example = "Risorsa non trovata")]
    pub title: String,
    /// HTTP status, repeated.
    #[schema(format = Int32, minimum = 100, maximum = 599, example = 404)]
    pub status: u16,
    /// What happened this time, in the caller's language.
    #[schema(max_length = 2000)]
    pub detail: String,
    /// Stable code, from one closed table.
    #[schema(max_length = 64, pattern = "^[a-z0-9_]+$", example = "not_found")]
    pub code: String,
    /// Identifier of the request, as in the header `Request-Id`.
    #[schema(max_length = 128)]
    pub instance: String,
    /// The faults, one by one.
    #[schema(min_items = 0, max_items = 1000)]
    pub errors: Vec<FieldError>,
    /// Error code of OAuth 2.0 (RFC 6749, section 5.2); only from the token endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 64, pattern = "^[a-z_]+$", example = "invalid_grant")]
    pub error: Option<String>,
}

impl ProblemDocument {
    /// A document for `code` in the language of the current request.
    pub fn of(code: Code, detail: Option<String>, errors: Vec<FieldError>) -> Self {
        let context = language::current();
        let title = match context.language {
            Language::Italian => code.title_it(),
            Language::English => code.title_en(),
        };
        Self {
            type_: format!("https://concilia.example/problems/{}", code.as_str()),
            title: title.to_owned(),
            status: code.status().as_u16(),
            detail: detail.unwrap_or_else(|| title.to_owned()),
            code: code.as_str().to_owned(),
            instance: context.request_id,
            errors,
            error: None,
        }
    }
}

impl Problem {
    fn document(&self) -> ProblemDocument {
        let language = language::current().language;
        let mut errors = self.0.errors.clone();
        for error in errors.iter_mut().filter(|e| e.detail.is_empty()) {
            let (it, en) = field_text(&error.code);
            error.detail = if language == Language::Italian { it } else { en }.to_owned();
        }
        let detail = self.0.detail.as_ref().map(|text| match language {
            Language::Italian => text.it.clone(),
            Language::English => text.en.clone(),
        });
        let mut document = ProblemDocument::of(self.0.code, detail, errors);
        document.error = self.0.oauth_error.map(str::to_owned);
        document
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        let document = self.document();
        match self.0.code {
            Code::InternalError => {
                tracing::error!(request_id = %document.instance, problem = %self, "request failed");
            }
            Code::Unavailable => {
                tracing::warn!(request_id = %document.instance, problem = %self, "request put off");
            }
            _ => {}
        }
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        response.insert_header((header::CONTENT_LANGUAGE, language::current().language.tag()));
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if self.status_code() == StatusCode::UNAUTHORIZED {
            let challenge = match (self.0.oauth_error, self.0.code) {
                (Some("invalid_client"), _) => "Basic realm=\"concilia\"",
                (_, Code::InvalidToken) => "Bearer realm=\"concilia\", error=\"invalid_token\"",
                _ => "Bearer realm=\"concilia\"",
            };
            response.insert_header((header::WWW_AUTHENTICATE, challenge));
        }
        if let Some(seconds) = self.0.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if let Some(allow) = &self.0.allow {
            response.insert_header((header::ALLOW, allow.as_str()));
        }
        response.body(serde_json::to_vec(&document).unwrap_or_default())
    }
}
