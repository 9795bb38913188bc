//! Who may call what: the policy table, written on each operation.

use super::info::PRODUCTION;
use super::visit::{self, text};
use crate::policy::Access;
use serde_json::{Value, json};

pub(super) fn protect(document: &mut Value, policy: &dyn Fn(&str) -> Option<Access>) {
    document["components"]["securitySchemes"] = json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "Access token of RFC9068, signed with an asymmetric key and checked as RFC8725 asks: fixed \
                algorithms, issuer, audience, type and expiry. People get one from `POST /v1/sessions`.",
        },
        "oauth2": {
            "type": "oauth2",
            "description": "Machine clients: the same access tokens (RFC9068, checked as RFC8725 asks) from the token \
                endpoint.",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": format!("{PRODUCTION}/oauth/token"),
                    "refreshUrl": format!("{PRODUCTION}/oauth/token"),
                    "scopes": {},
                },
            },
        },
    });
    document["security"] = token_required();
    for operation in visit::operations_mut(document) {
        let access = policy(text(operation, "operationId"));
        let requirement = match access {
            Some(Access::Public) => json!([{}]),
            Some(Access::PublicOrKnown) => json!([{}, { "bearer": [] }, { "oauth2": [] }]),
            _ => token_required(),
        };
        operation.insert("security".to_owned(), requirement);
        if let Some(Access::Roles(roles)) = access {
            operation.insert("x-roles".to_owned(), roles.iter().map(|role| role.as_str()).collect());
        }
    }
}

fn token_required() -> Value {
    json!([{ "bearer": [] }, { "oauth2": [] }])
}

/// Whether the operation refuses a call without a token.
pub(super) fn is_protected(operation: &visit::Object) -> bool {
    let alternatives = operation.get("security").and_then(Value::as_array);
    alternatives.is_some_and(|list| list.iter().all(|one| one.as_object().is_some_and(|one| !one.is_empty())))
}
