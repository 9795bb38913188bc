//! Refusals that many operations share, so that handlers declare only their own.

use super::headers::refer;
use super::parameters::reads;
use super::security::is_protected;
use super::visit::{self, Object, SCHEMAS, section};
use concilia_kernel::Code;
use concilia_kernel::problem::ProblemDocument;
use serde_json::{Value, json};
use utoipa::{PartialSchema, ToSchema};

const MEDIA_TYPE: &str = "application/problem+json";

struct Shared {
    status: &'static str,
    component: &'static str,
    description: &'static str,
    /// Code of the example; other codes may come with the same status.
    code: Option<Code>,
    /// Headers beyond those of every response.
    headers: &'static [&'static str],
    applies: fn(&Object) -> bool,
}

const SHARED: [Shared; 16] = [
    Shared {
        status: "304",
        component: "NotModified",
        description: "The copy with the tag of `If-None-Match` is still good.",
        code: None,
        headers: &["ETag"],
        applies: |operation| reads(operation, "IfNoneMatch"),
    },
    Shared {
        status: "400",
        component: "BadRequest",
        description: "The request is malformed: broken JSON, or a parameter that cannot be read.",
        code: Some(Code::MalformedRequest),
        headers: &[],
        applies: |_| true,
    },
    Shared {
        status: "401",
        component: "Unauthorized",
        description: "The token is missing, expired or not good here.",
        code: Some(Code::Unauthenticated),
        headers: &["WWW-Authenticate"],
        applies: |_| true,
    },
    Shared {
        status: "403",
        component: "Forbidden",
        description: "The caller's roles do not allow this.",
        code: Some(Code::Forbidden),
        headers: &[],
        applies: is_protected,
    },
    Shared {
        status: "404",
        component: "NotFound",
        description: "There is no such resource or page in the caller's territory, or the caller may not know of it.",
        code: Some(Code::NotFound),
        headers: &[],
        applies: |operation| has_parameter_in(operation, "path") || is_paged(operation),
    },
    Shared {
        status: "405",
        component: "MethodNotAllowed",
        description: "The path does not admit the method; `Allow` names those it does.",
        code: Some(Code::MethodNotAllowed),
        headers: &["Allow"],
        applies: |_| true,
    },
    Shared {
        status: "408",
        component: "RequestTimeout",
        description: "The caller stopped sending the body.",
        code: Some(Code::RequestTimeout),
        headers: &[],
        applies: has_body,
    },
    Shared {
        status: "409",
        component: "Conflict",
        description: "A request with the same `Idempotency-Key` is still at work.",
        code: Some(Code::IdempotencyKeyInUse),
        headers: &[],
        applies: |operation| reads(operation, "IdempotencyKey"),
    },
    Shared {
        status: "412",
        component: "PreconditionFailed",
        description: "The resource changed since the `ETag` of `If-Match` was read.",
        code: Some(Code::PreconditionFailed),
        headers: &[],
        applies: |operation| reads(operation, "IfMatch"),
    },
    Shared {
        status: "413",
        component: "ContentTooLarge",
        description: "The body is larger than the operation takes.",
        code: Some(Code::PayloadTooLarge),
        headers: &[],
        applies: has_body,
    },
    Shared {
        status: "415",
        component: "UnsupportedMediaType",
        description: "The body is not of the media type or encoding that the operation takes.",
        code: Some(Code::UnsupportedMediaType),
        headers: &[],
        applies: has_body,
    },
    Shared {
        status: "422",
        component: "UnprocessableContent",
        description: "A field or parameter breaks a rule; `errors[]` says which, where and why.",
        code: Some(Code::ValidationFailed),
        headers: &[],
        applies: |operation| {
            has_body(operation) || has_parameter_in(operation, "query") || reads(operation, "IdempotencyKey")
        },
    },
    Shared {
        status: "428",
        component: "PreconditionRequired",
        description: "The change needs `If-Match`.",
        code: Some(Code::PreconditionRequired),
        headers: &[],
        applies: |operation| reads(operation, "IfMatch"),
    },
    Shared {
        status: "429",
        component: "TooManyRequests",
        description: "The rate limit is used up; `Retry-After` says when to come back.",
        code: Some(Code::RateLimited),
        headers: &["Retry-After"],
        applies: |_| true,
    },
    Shared {
        status: "500",
        component: "InternalServerError",
        description: "A fault of the server. Nothing was changed.",
        code: Some(Code::InternalError),
        headers: &[],
        applies: |_| true,
    },
    Shared {
        status: "503",
        component: "ServiceUnavailable",
        description: "The server is starting, stopping or overloaded; `Retry-After` says when to come back.",
        code: Some(Code::Unavailable),
        headers: &["Retry-After"],
        applies: |_| true,
    },
];

pub(super) fn share(document: &mut Value) {
    register(document);
    for operation in visit::operations_mut(document) {
        let wanted: Vec<&Shared> = SHARED.iter().filter(|shared| (shared.applies)(operation)).collect();
        let Value::Object(responses) = operation.entry("responses").or_insert_with(|| json!({})) else { continue };
        for shared in wanted {
            responses
                .entry(shared.status)
                .or_insert_with(|| json!({ "$ref": format!("#/components/responses/{}", shared.component) }));
        }
        for (status, response) in responses.iter_mut().filter(|(_, response)| response.get("$ref").is_none()) {
            if status.starts_with(['4', '5']) {
                describe_problem(status, response);
            }
        }
        responses.sort_keys();
    }
    let mut components = Object::new();
    for shared in &SHARED {
        let mut response = json!({ "description": shared.description });
        describe_problem(shared.status, &mut response);
        if let Some(code) = shared.code {
            response["content"][MEDIA_TYPE]["example"] = example(code);
        }
        components.insert(shared.component.to_owned(), response);
    }
    document["components"]["responses"] = Value::Object(components);
}

/// Gives the response the headers of its status and, when it is a refusal, the one body of all refusals.
fn describe_problem(status: &str, response: &mut Value) {
    if status.starts_with(['4', '5']) {
        response["content"] = json!({ MEDIA_TYPE: { "schema": { "$ref": format!("{SCHEMAS}Problem") } } });
    }
    let extra = SHARED.iter().find(|shared| shared.status == status).map_or(&[][..], |shared| shared.headers);
    let Some(headers) = section(response, "headers") else { return };
    extra.iter().for_each(|name| refer(headers, name));
    if status.starts_with(['4', '5']) {
        refer(headers, "Content-Language");
    }
}

fn example(code: Code) -> Value {
    json!({
        "type": format!("https://concilia.example/problems/{}", code.as_str()),
        "title": code.title_en(),
        "status": code.status().as_u16(),
        "detail": code.title_en(),
        "code": code.as_str(),
        "instance": "01930c5e-6f3b-7cc0-8a53-6f0f0b6b7a10",
        "errors": [],
    })
}

/// The one body of all refusals. Its codes are named, though not as an `enum`: clients must survive a code that is
/// added.
fn register(document: &mut Value) {
    let mut parts = vec![(ProblemDocument::name().into_owned(), ProblemDocument::schema())];
    ProblemDocument::schemas(&mut parts);
    if let Some(schemas) = visit::component_schemas(document) {
        schemas
            .extend(parts.into_iter().filter_map(|(name, part)| Some((name, serde_json::to_value(part).ok()?))));
    }
    if let Some(code) = document.pointer_mut("/components/schemas/Problem/properties/code") {
        code["x-extensible-enum"] = Code::ALL.iter().map(|code| code.as_str()).collect();
    }
}

fn is_paged(operation: &Object) -> bool {
    let mut parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    parameters.any(|parameter| parameter["name"] == "cursor")
}

fn has_body(operation: &Object) -> bool {
    operation.contains_key("requestBody")
}

fn has_parameter_in(operation: &Object, place: &str) -> bool {
    let mut parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    parameters.any(|parameter| parameter["in"] == place)
}
