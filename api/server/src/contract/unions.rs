//! `#[serde(tag = "...")]` enums: utoipa emits anonymous `oneOf` branches. Here each branch becomes a schema of its own,
//! and the union gets the discriminator that generators need.

use super::flatten::merged;
use super::visit::{self, Object, SCHEMAS};
use serde_json::{Value, json};

pub(super) fn discriminate(document: &mut Value) {
    let Some(schemas) = visit::component_schemas(document) else { return };
    let before = schemas.clone();
    for (name, union) in &before {
        let Some(branches) = union.get("oneOf").and_then(Value::as_array) else { continue };
        let Some(tagged) = branches.iter().map(|branch| tag_of(branch, &before)).collect::<Option<Vec<_>>>()
        else {
            continue;
        };
        let Some(property) = tagged.first().map(|branch| branch.property.clone()) else { continue };
        if tagged.iter().any(|branch| branch.property != property) {
            continue;
        }
        let mut mapping = Object::new();
        let mut references = Vec::new();
        for branch in tagged {
            let child = format!("{name}{}", pascal_case(&branch.value));
            let reference = format!("{SCHEMAS}{child}");
            mapping.insert(branch.value, json!(reference));
            references.push(json!({ "$ref": reference }));
            schemas.insert(child, Value::Object(branch.schema));
        }
        if let Some(union) = schemas.get_mut(name) {
            union["oneOf"] = Value::Array(references);
            union["discriminator"] = json!({ "propertyName": property, "mapping": mapping });
        }
    }
}

struct TaggedBranch {
    property: String,
    value: String,
    schema: Object,
}

/// The branch with the required property that admits a single value, if there is one.
fn tag_of(branch: &Value, schemas: &Object) -> Option<TaggedBranch> {
    let schema = merged(branch, schemas)?;
    // serde writes the tag last when the variant wraps a struct, which may hold enums of one value itself.
    let (property, value) =
        schema.get("properties")?.as_object()?.iter().rev().find_map(|(property, schema)| {
            let [Value::String(only)] = schema.get("enum")?.as_array()?.as_slice() else { return None };
            Some((property.clone(), only.clone()))
        })?;
    Some(TaggedBranch { property, value, schema })
}

fn pascal_case(tag: &str) -> String {
    let mut start = true;
    tag.chars()
        .filter_map(|c| {
            if !c.is_alphanumeric() {
                start = true;
                return None;
            }
            let c = if std::mem::take(&mut start) { c.to_ascii_uppercase() } else { c };
            Some(c)
        })
        .collect()
}
