//! Bounds that follow from a format, which the Rust types cannot carry.

use super::visit::{self, Object, is_type, text};
use serde_json::{Value, json};

/// What a text may hold where nothing narrower is said: PostgreSQL keeps no U+0000, so it is refused at the door.
const NO_NUL: &str = "^[^\\u0000]*$";

/// Most characters of a plain string in a list or map.
const LONGEST_ELEMENT: u32 = 255;

pub(super) fn fill(document: &mut Value) {
    visit::for_each_schema(document, &mut |schema| {
        if is_type(schema, "string") && !schema.contains_key("enum") && !schema.contains_key("const") {
            if let Some(longest) = longest(text(schema, "format")) {
                fill_in(schema, "maxLength", json!(longest));
            }
            if matches!(text(schema, "format"), "" | "password") {
                fill_in(schema, "pattern", json!(NO_NUL));
            }
        } else if is_type(schema, "integer") {
            let (least, most) = match text(schema, "format") {
                "int64" => (i64::MIN, i64::MAX),
                _ => (i32::MIN.into(), i32::MAX.into()),
            };
            if !schema.contains_key("exclusiveMinimum") {
                fill_in(schema, "minimum", json!(least));
            }
            if !schema.contains_key("exclusiveMaximum") {
                fill_in(schema, "maximum", json!(most));
            }
            fill_in(schema, "format", json!("int32"));
        } else if is_type(schema, "array") {
            fill_in(schema, "minItems", json!(0));
            schema.get_mut("items").into_iter().for_each(bound_element);
        } else if is_type(schema, "object") {
            schema.get_mut("additionalProperties").into_iter().for_each(bound_element);
        }
    });
}

/// utoipa bounds a field, but not the plain strings in a list or map of them.
fn bound_element(element: &mut Value) {
    let Some(element) = element.as_object_mut() else { return };
    if is_type(element, "string") && !element.contains_key("enum") {
        fill_in(element, "maxLength", json!(LONGEST_ELEMENT));
    }
}

fn fill_in(schema: &mut Object, keyword: &str, bound: Value) {
    schema.entry(keyword).or_insert(bound);
}

/// Most characters of a string of that format.
fn longest(format: &str) -> Option<u32> {
    Some(match format {
        "date" => 10,
        "decimal" => 16,
        "date-time" => 35, // nanoseconds and offset
        "uuid" => 36,
        "email" => 254, // RFC 5321
        "uri" | "uri-reference" => 2048,
        "binary" => 536_870_912, // bytes: the largest import
        _ => return None,
    })
}
