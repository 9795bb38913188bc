//! `#[serde(flatten)]` and tagged variants come out as `allOf`. A closed object cannot be a part of another (each would
//! refuse the properties of the other), so the parts are merged into one object.

use super::visit::{self, Object};
use serde_json::{Value, json};

pub(super) fn merge_all_of(document: &mut Value) {
    let Some(before) = visit::component_schemas(document).cloned() else { return };
    visit::for_each_schema(document, &mut |schema| {
        if schema.contains_key("allOf")
            && let Some(whole) = merged(&Value::Object(schema.clone()), &before)
        {
            *schema = whole;
        }
    });
}

/// The one object that `schema` amounts to, following references and `allOf`; `None` for anything else.
pub(super) fn merged(schema: &Value, schemas: &Object) -> Option<Object> {
    if let Some(name) = visit::referred(schema) {
        return merged(schemas.get(name)?, schemas);
    }
    let schema = schema.as_object()?;
    let Some(parts) = schema.get("allOf").and_then(Value::as_array) else {
        return schema.contains_key("properties").then(|| schema.clone());
    };
    let mut properties = Object::new();
    let mut required = Vec::new();
    for part in parts {
        let part = merged(part, schemas)?;
        properties.extend(part.get("properties").and_then(Value::as_object).cloned().unwrap_or_default());
        required.extend(part.get("required").and_then(Value::as_array).cloned().unwrap_or_default());
    }
    let mut whole = Object::new();
    whole.insert("type".to_owned(), json!("object"));
    if let Some(description) = schema.get("description") {
        whole.insert("description".to_owned(), description.clone());
    }
    if !required.is_empty() {
        whole.insert("required".to_owned(), Value::Array(required));
    }
    whole.insert("properties".to_owned(), Value::Object(properties));
    whole.extend(schema.get("example").map(|example| ("example".to_owned(), example.clone())));
    Some(whole)
}
