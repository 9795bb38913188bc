//! Objects admit the properties they declare and no others; maps have an upper size.

use super::visit::{self, is_type};
use serde_json::{Value, json};

/// Most entries of a map that declares no limit of its own.
const MOST_ENTRIES: u32 = 100;

pub(super) fn close(document: &mut Value) {
    visit::for_each_schema(document, &mut |schema| {
        if !is_type(schema, "object") {
            return;
        }
        // Names of a map are strings by nature: saying so again only asks for a length.
        if schema.get("propertyNames") == Some(&json!({ "type": "string" })) {
            schema.shift_remove("propertyNames");
        }
        if schema.contains_key("properties") {
            schema.entry("additionalProperties").or_insert(Value::Bool(false));
        } else {
            schema.entry("additionalProperties").or_insert_with(|| json!({}));
        }
        if schema.get("additionalProperties").is_some_and(Value::is_object) {
            schema.entry("maxProperties").or_insert_with(|| MOST_ENTRIES.into());
        }
    });
}
