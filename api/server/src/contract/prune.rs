//! Components that nothing refers to are left out, and the rest are kept in order.

use super::visit::{Object, object};
use serde_json::Value;
use std::collections::BTreeSet;

const SECTIONS: [&str; 4] = ["schemas", "parameters", "headers", "responses"];

pub(super) fn drop_unused(document: &mut Value) {
    let mut reached = BTreeSet::new();
    collect(&document["paths"], document, &mut reached);
    for section in SECTIONS {
        if let Some(Value::Object(components)) = document.pointer_mut(&format!("/components/{section}")) {
            components.retain(|name, _| reached.contains(&format!("#/components/{section}/{name}")));
            components.sort_keys();
        }
    }
    if let Some(Value::Object(components)) = document.get_mut("components") {
        components.retain(|_, section| section.as_object().is_some_and(|section| !section.is_empty()));
        components.sort_keys();
    }
}

fn collect(value: &Value, document: &Value, reached: &mut BTreeSet<String>) {
    match value {
        Value::Object(inner) => {
            references(inner).for_each(|reference| {
                if reached.insert(reference.to_owned())
                    && let Some(target) = document.pointer(reference.trim_start_matches('#'))
                {
                    collect(target, document, reached);
                }
            });
            inner.values().for_each(|value| collect(value, document, reached));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, document, reached)),
        _ => {}
    }
}

/// The reference of an object, and those of a discriminator's mapping.
pub(super) fn references(holder: &Object) -> impl Iterator<Item = &str> {
    let mapping = holder.get("mapping").map(object).into_iter().flatten().map(|(_, target)| target);
    holder.get("$ref").into_iter().chain(mapping).filter_map(Value::as_str).filter(|text| text.starts_with("#/"))
}
