//! What no linter sees, or sees too late: an ordinary test keeps this list empty.

use super::prune::references;
use super::tags;
use super::visit::{self, Object, object, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// One line for each thing wrong with a finished document.
pub fn defects(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    dangling(document, document, &mut found);
    for (name, _) in object(&document["components"]["schemas"]) {
        if name.contains('_') {
            found.push(format!("schema {name}: a generic type copies its argument; give it a name of its own"));
        }
    }
    let tags = tags::declared(document);
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for (path, method, operation) in visit::operations(document) {
        let here = format!("{method} {path}");
        let id = text(operation, "operationId");
        if let Some(other) = seen.insert(id, here.clone()) {
            found.push(format!("{here}: the operationId `{id}` is also that of {other}"));
        }
        in_operation(&here, operation, &tags, &mut found);
    }
    found
}

fn in_operation(here: &str, operation: &Object, tags: &BTreeSet<&str>, found: &mut Vec<String>) {
    for key in ["operationId", "summary", "description"] {
        if text(operation, key).trim().is_empty() {
            found.push(format!("{here}: no {key}"));
        }
    }
    let own: Vec<&str> =
        operation.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    match own.as_slice() {
        [tag] if tags.contains(tag) => {}
        other => found.push(format!("{here}: tags {other:?}, wanted one of the table")),
    }
    if !object(operation.get("responses").unwrap_or(&Value::Null)).any(|(status, _)| status.starts_with('2')) {
        found.push(format!("{here}: no success response"));
    }
    for (media_type, media) in object(operation.get("requestBody").map_or(&Value::Null, |body| &body["content"])) {
        if media.get("example").is_none() && media.get("examples").is_none() {
            found.push(format!("{here}: no example of the {media_type} body"));
        }
    }
}

fn dangling(value: &Value, document: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(inner) => {
            for reference in references(inner) {
                if document.pointer(reference.trim_start_matches('#')).is_none() {
                    found.push(format!("{reference} leads nowhere"));
                }
            }
            inner.values().for_each(|value| dangling(value, document, found));
        }
        Value::Array(items) => items.iter().for_each(|value| dangling(value, document, found)),
        _ => {}
    }
}
