//! Errors as part of the product: RFC 9457 problems with a stable code from one closed table,
//! the rule, the field and the value at fault, in the caller's language. Internals stay in the log.

mod codes;
mod from_database;
mod response;
mod taken;

pub use codes::Code;
pub use response::ProblemDocument;
pub use taken::TAKEN;

use serde::Serialize;
use serde_json::Value;
use std::fmt;
use utoipa::ToSchema;

/// A refusal on its way to the caller.
#[derive(Debug)]
pub struct Problem(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: Code,
    detail: Option<Text>,
    errors: Vec<FieldError>,
    retry_after: Option<u64>,
    allow: Option<String>,
    oauth_error: Option<&'static str>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The same sentence in both languages of the product.
#[derive(Debug, Clone)]
pub struct Text {
    pub it: String,
    pub en: String,
}

impl Text {
    pub fn new(it: impl Into<String>, en: impl Into<String>) -> Self {
        Self { it: it.into(), en: en.into() }
    }
}

/// One fault of a request: where it is, which rule it breaks, and the value, unless that is personal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON Pointer (RFC 6901) into the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 255, example = "/lines/0/household_member_id")]
    pub pointer: Option<String>,
    /// Name of the query, path or header parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 64)]
    pub parameter: Option<String>,
    /// Stable code of the rule that is broken.
    #[schema(max_length = 64, pattern = "^[a-z0-9_]+$", example = "length")]
    pub code: String,
    /// The rule, in the caller's language.
    #[schema(max_length = 500)]
    pub detail: String,
    /// The refused value, when it is not personal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 255)]
    pub value: Option<String>,
}

impl FieldError {
    /// A fault of the body; the text is looked up by `code`.
    pub fn pointer(pointer: impl Into<String>, code: &str) -> Self {
        Self {
            pointer: Some(pointer.into()),
            parameter: None,
            code: code.into(),
            detail: String::new(),
            value: None,
        }
    }

    /// A fault of a query, path or header parameter; the text is looked up by `code`.
    pub fn parameter(name: impl Into<String>, code: &str) -> Self {
        Self { pointer: None, parameter: Some(name.into()), code: code.into(), detail: String::new(), value: None }
    }

    /// Says the rule in words of its own.
    #[must_use]
    pub fn explain(mut self, text: &Text) -> Self {
        self.detail = match crate::language::current().language {
            crate::language::Language::Italian => text.it.clone(),
            crate::language::Language::English => text.en.clone(),
        };
        self
    }

    /// Shows the refused value. Never for names, tax codes, means, health or secrets.
    #[must_use]
    pub fn value(mut self, value: impl Into<Value>) -> Self {
        let text = match value.into() {
            Value::String(text) => text,
            other => other.to_string(),
        };
        self.value = Some(text.chars().take(200).collect());
        self
    }
}

/// The rule named by a field code, in the caller's language; the code itself when it has no text.
pub fn field_detail(code: &str) -> &str {
    let (it, en) = codes::field_text(code);
    match crate::language::current().language {
        crate::language::Language::Italian => it,
        crate::language::Language::English => en,
    }
}

impl Problem {
    pub fn new(code: Code) -> Self {
        Self(Box::new(Inner {
            code,
            detail: None,
            errors: vec![],
            retry_after: None,
            allow: None,
            oauth_error: None,
            source: None,
        }))
    }

    /// The resource does not exist, or its existence is none of the caller's business.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    /// A fault of ours. The source goes to the log, never to the caller.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let mut problem = Self::new(Code::InternalError);
        problem.0.source = Some(source.into());
        problem
    }

    /// 503, to come again after so many seconds. The source goes to the log, never to the caller.
    pub fn unavailable(retry_after: u64, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let mut problem = Self::new(Code::Unavailable).retry_after(retry_after);
        problem.0.source = Some(source.into());
        problem
    }

    /// One field of the body breaks a rule.
    pub fn invalid(pointer: impl Into<String>, code: &str) -> Self {
        Self::new(Code::ValidationFailed).with_error(FieldError::pointer(pointer, code))
    }

    /// Says what happened, in both languages.
    #[must_use]
    pub fn explain(mut self, it: impl Into<String>, en: impl Into<String>) -> Self {
        self.0.detail = Some(Text::new(it, en));
        self
    }

    #[must_use]
    pub fn with_error(mut self, error: FieldError) -> Self {
        self.0.errors.push(error);
        self
    }

    #[must_use]
    pub fn with_errors(mut self, errors: impl IntoIterator<Item = FieldError>) -> Self {
        self.0.errors.extend(errors);
        self
    }

    /// Seconds after which the caller may try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Methods that the path does allow, for 405.
    #[must_use]
    pub fn allow(mut self, methods: impl Into<String>) -> Self {
        self.0.allow = Some(methods.into());
        self
    }

    /// The code that OAuth clients look for in the member `error` (RFC 6749, section 5.2).
    #[must_use]
    pub fn oauth_error(mut self, error: &'static str) -> Self {
        self.0.oauth_error = Some(error);
        self
    }

    pub fn code(&self) -> Code {
        self.0.code
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.code.as_str())?;
        match &self.0.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}
