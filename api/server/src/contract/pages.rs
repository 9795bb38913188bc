//! `Page<T>`: utoipa names it `Page_T` and copies the whole of `T` into it. Here it becomes `TPage` of `$ref`s to `T`.

use super::visit::{self, SCHEMAS};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const GENERIC: &str = "Page_";

pub(super) fn refer_to_items(document: &mut Value) {
    let Some(schemas) = visit::component_schemas(document) else { return };
    let generic: Vec<String> = schemas.keys().filter(|name| name.starts_with(GENERIC)).cloned().collect();
    let mut renamed = BTreeMap::new();
    for name in generic {
        let Some(mut page) = schemas.shift_remove(&name) else { continue };
        let item = name.trim_start_matches(GENERIC).to_owned();
        if let Some(inlined) = page.pointer_mut("/properties/items/items") {
            let schema = std::mem::replace(inlined, json!({ "$ref": format!("{SCHEMAS}{item}") }));
            // A type that only ever appears inside a page is not registered on its own.
            schemas.entry(item.clone()).or_insert(schema);
        }
        page["description"] = json!(format!("One page of a list of `{item}`."));
        let new_name = format!("{item}Page");
        schemas.insert(new_name.clone(), page);
        renamed.insert(format!("{SCHEMAS}{name}"), format!("{SCHEMAS}{new_name}"));
    }
    rewrite_references(document, &renamed);
}

fn rewrite_references(value: &mut Value, renamed: &BTreeMap<String, String>) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get_mut("$ref")
                && let Some(new) = renamed.get(reference.as_str())
            {
                reference.clone_from(new);
            }
            object.values_mut().for_each(|inner| rewrite_references(inner, renamed));
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| rewrite_references(inner, renamed)),
        _ => {}
    }
}
