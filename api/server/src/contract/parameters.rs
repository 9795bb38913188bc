//! Parameters and bodies: none can be JSON null, and the headers that many operations read are described once.

use super::visit::{self, Object, object_mut};
use serde_json::{Value, json};

/// Name, component, description, schema, and whether every operation reads it.
struct SharedHeader {
    name: &'static str,
    component: &'static str,
    description: &'static str,
    schema: fn() -> Value,
}

const ACCEPT_LANGUAGE: SharedHeader = SharedHeader {
    name: "Accept-Language",
    component: "AcceptLanguage",
    description: "Language of the texts: `it` (the default) or `en`.",
    schema: || json!({ "type": "string", "maxLength": 1000, "pattern": "^.*$", "example": "it" }),
};

const SHARED: [SharedHeader; 4] = [
    ACCEPT_LANGUAGE,
    SharedHeader {
        name: "Idempotency-Key",
        component: "IdempotencyKey",
        description: "Chosen by the client, once for each intention, such as a new UUID: a repetition with the same key \
            and body gets the same answer and has no further effect; another request with the key is refused.",
        // No example: whoever copied it would use one key for all requests.
        schema: || json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" }),
    },
    SharedHeader {
        name: "If-Match",
        component: "IfMatch",
        description: "The `ETag` of the state the change starts from.",
        schema: entity_tags,
    },
    SharedHeader {
        name: "If-None-Match",
        component: "IfNoneMatch",
        description: "The `ETag` of a copy already held: 304 while it is still good.",
        schema: || json!({ "type": "string", "maxLength": 720, "pattern": "^.*$", "example": "\"7\"" }),
    },
];

/// `*` or up to ten entity tags, as the extractors read them.
fn entity_tags() -> Value {
    let tag = "(W/)?\"[!#-+\\--~]{1,64}\"";
    let pattern = format!("^(\\*|{tag}(, ?{tag}){{0,9}})$");
    json!({ "type": "string", "maxLength": 720, "pattern": pattern, "example": "\"7\"" })
}

pub(super) fn share(document: &mut Value) {
    let mut components = Object::new();
    for operation in visit::operations_mut(document) {
        let content = operation.get_mut("requestBody").and_then(|body| body.get_mut("content"));
        object_mut(content).for_each(|(_, media)| drop_null(&mut media["schema"]));
        let Value::Array(parameters) = operation.entry("parameters").or_insert_with(|| json!([])) else {
            continue;
        };
        if !parameters.iter().any(|parameter| is_header(parameter, ACCEPT_LANGUAGE.name)) {
            parameters.push(json!({ "name": ACCEPT_LANGUAGE.name, "in": "header", "required": false }));
        }
        for parameter in parameters {
            match SHARED.iter().find(|shared| is_header(parameter, shared.name)) {
                Some(shared) => *parameter = reference(shared, parameter["required"] == true, &mut components),
                None => drop_null(&mut parameter["schema"]),
            }
        }
    }
    document["components"]["parameters"] = Value::Object(components);
}

/// Whether an operation reads the shared header of that component.
pub(super) fn reads(operation: &Object, component: &str) -> bool {
    let mut parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    parameters.any(|parameter| {
        let name = parameter["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
        name.is_some_and(|name| name.trim_start_matches(OPTIONAL) == component)
    })
}

/// Prefix of the component of a header that some operations require and others do not.
const OPTIONAL: &str = "Optional";

fn is_header(parameter: &Value, name: &str) -> bool {
    parameter["in"] == "header" && parameter["name"].as_str().is_some_and(|given| given.eq_ignore_ascii_case(name))
}

fn reference(shared: &SharedHeader, required: bool, components: &mut Object) -> Value {
    let never_required = matches!(shared.component, "AcceptLanguage" | "IfNoneMatch");
    let prefix = if required || never_required { "" } else { OPTIONAL };
    let component = format!("{prefix}{}", shared.component);
    let reference = json!({ "$ref": format!("#/components/parameters/{component}") });
    components.entry(component).or_insert_with(|| {
        json!({
            "name": shared.name, "in": "header", "required": required, "description": shared.description,
            "schema": (shared.schema)(),
        })
    });
    reference
}

/// An optional header, query value or body is declared nullable by utoipa, but it is left out, not JSON null.
fn drop_null(schema: &mut Value) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|one| one != "null");
        if let [only] = types.as_slice() {
            schema["type"] = only.clone();
        }
    }
    for keyword in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = schema.get_mut(keyword) else { continue };
        branches.retain(|branch| branch["type"] != "null");
        if let [only] = branches.as_slice() {
            *schema = only.clone();
        }
    }
}
