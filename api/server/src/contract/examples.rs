//! The example of a schema is shown where the schema is a body.

use super::visit::{self, Object, object_mut, referred};
use serde_json::{Value, json};

pub(super) fn lift(document: &mut Value) {
    let Some(schemas) = visit::component_schemas(document).cloned() else { return };
    for operation in visit::operations_mut(document) {
        if let Some(body) = operation.get_mut("requestBody") {
            in_content(body, &schemas);
        }
        for (_, response) in object_mut(operation.get_mut("responses")) {
            in_content(response, &schemas);
        }
    }
}

fn in_content(holder: &mut Value, schemas: &Object) {
    for (_, media) in object_mut(holder.get_mut("content")) {
        if media.get("example").is_none()
            && media.get("examples").is_none()
            && let Some(example) = media.get("schema").and_then(|schema| example_of(schema, schemas))
        {
            media["example"] = example;
        }
    }
}

fn example_of(schema: &Value, schemas: &Object) -> Option<Value> {
    let schema = match referred(schema) {
        Some(name) => schemas.get(name)?,
        None => schema,
    };
    if let Some(example) = schema.get("example") {
        return Some(example.clone());
    }
    let item =
        schema.pointer("/properties/items/items").filter(|_| schema.pointer("/properties/next").is_some())?;
    Some(json!({ "items": [example_of(item, schemas)?], "next": null }))
}
