//! Tagged unions: the generator recognises `#[serde(tag = "...")]` only when the branches stand in the `oneOf` itself.

use super::Object;
use serde_json::Value;

pub(super) fn inline_branches(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let before = schemas.clone();
    let mut branches = Vec::new();
    for (name, union) in schemas.iter_mut() {
        if before.get(name).and_then(|union| union.get("discriminator")).is_none() {
            continue;
        }
        for branch in union["oneOf"].as_array_mut().into_iter().flatten() {
            if let Some((name, schema)) = target(branch, &before) {
                *branch = schema.clone();
                branches.push(name);
            }
        }
        if let Some(union) = union.as_object_mut() {
            union.shift_remove("discriminator");
        }
    }
    for name in branches {
        schemas.shift_remove(&name);
    }
}

fn target<'a>(branch: &Value, schemas: &'a Object) -> Option<(String, &'a Value)> {
    let name = branch.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")?;
    Some((name.to_owned(), schemas.get(name)?))
}
