//! Response headers: those of every response, and those that handlers name, each described once.

use super::visit::{self, Object, object_mut};
use serde_json::{Value, json};

/// Headers of every response.
const COMMON: [&str; 6] = [
    "Access-Control-Allow-Origin",
    "Cache-Control",
    "Request-Id",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
];

/// Every header the server sends, by its canonical name.
fn described() -> Value {
    let up_to = |maximum: u32| json!({ "type": "integer", "format": "int32", "minimum": 0, "maximum": maximum });
    let printable =
        |maximum: u32, pattern: &str| json!({ "type": "string", "maxLength": maximum, "pattern": pattern });
    json!({
        "Access-Control-Allow-Origin": {
            "description": "Origin of web pages that may read the answer.",
            "schema": printable(255, "^(\\*|null|https?://[!-~]+)$"),
        },
        "Allow": {
            "description": "Methods that the path admits.",
            "schema": printable(64, "^[A-Z, ]*$"),
        },
        "Cache-Control": {
            "description": "`no-store`, but for public reads that carry an `ETag`: `no-cache` or a short `max-age`, \
                so that a copy may be kept and checked again with `If-None-Match`.",
            "schema": printable(128, "^[a-z0-9=, -]+$"),
        },
        "Content-Disposition": {
            "description": "Name for the downloaded file.",
            "schema": printable(255, "^[ -~]+$"),
        },
        "Content-Language": {
            "description": "Language of the texts.",
            "schema": { "type": "string", "enum": ["it", "en"] },
        },
        "ETag": {
            "description": "Strong entity tag of the state answered, for `If-Match` and `If-None-Match`.",
            "schema": printable(70, "^\"[!#-~]{1,64}\"$"),
        },
        "Location": {
            "description": "Address of the resource made.",
            "schema": { "type": "string", "format": "uri-reference", "maxLength": 2048 },
        },
        "Request-Id": {
            "description": "Identifier of the request, also the `instance` of a problem: quote it when asking for help.",
            "schema": printable(128, "^[A-Za-z0-9_.-]+$"),
        },
        "Retry-After": {
            "description": "Seconds to wait before trying again.",
            "schema": up_to(86_400),
        },
        "WWW-Authenticate": {
            "description": "How to authenticate, and why the token was refused (RFC 6750).",
            "schema": printable(512, "^(Bearer|Basic)[ -~]*$"),
        },
        "X-RateLimit-Limit": {
            "description": "Calls allowed in the window.",
            "schema": up_to(1_000_000_000),
        },
        "X-RateLimit-Remaining": {
            "description": "Calls left in the window.",
            "schema": up_to(1_000_000_000),
        },
        "X-RateLimit-Reset": {
            "description": "Seconds to the end of the window.",
            "schema": up_to(86_400),
        },
    })
}

/// Runs after the common responses are in place.
pub(super) fn share(document: &mut Value) {
    let described = described();
    for operation in visit::operations_mut(document) {
        for (_, response) in object_mut(operation.get_mut("responses")) {
            if response.get("$ref").is_none() {
                complete(response, &described);
            }
        }
    }
    for (_, response) in object_mut(document.pointer_mut("/components/responses")) {
        complete(response, &described);
    }
    document["components"]["headers"] = described;
}

fn complete(response: &mut Value, described: &Value) {
    let Some(headers) = visit::section(response, "headers") else { return };
    for (name, header) in std::mem::take(headers) {
        match visit::object(described).find(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            Some((known, _)) => refer(headers, known),
            None => {
                headers.insert(name, header);
            }
        }
    }
    COMMON.iter().for_each(|name| refer(headers, name));
}

pub(super) fn refer(headers: &mut Object, name: &str) {
    headers.insert(name.to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }));
}
