//! Ways through the document: its operations, and every schema wherever it stands.

use serde_json::{Map, Value};

pub(super) type Object = Map<String, Value>;

pub(super) const SCHEMAS: &str = "#/components/schemas/";

/// Keys of a path item that are operations.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Calls `act` with path, method and operation, in the order of the document.
pub(super) fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Object)> {
    object(&document["paths"]).flat_map(|(path, item)| {
        object(item)
            .filter(|(method, _)| METHODS.contains(&method.as_str()))
            .filter_map(move |(method, operation)| Some((path.as_str(), method.as_str(), operation.as_object()?)))
    })
}

pub(super) fn operations_mut(document: &mut Value) -> impl Iterator<Item = &mut Object> {
    object_mut(document.get_mut("paths"))
        .flat_map(|(_, item)| object_mut(Some(item)))
        .filter(|(method, _)| METHODS.contains(&method.as_str()))
        .filter_map(|(_, operation)| operation.as_object_mut())
}

pub(super) fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

pub(super) fn object_mut(value: Option<&mut Value>) -> impl Iterator<Item = (&String, &mut Value)> {
    value.and_then(Value::as_object_mut).into_iter().flatten()
}

/// The object at `parent.key`, made when absent; `None` if something else stands there.
pub(super) fn section<'a>(parent: &'a mut Value, key: &str) -> Option<&'a mut Object> {
    let child = &mut parent[key];
    if child.is_null() {
        *child = Value::Object(Object::new());
    }
    child.as_object_mut()
}

pub(super) fn component_schemas(document: &mut Value) -> Option<&mut Object> {
    section(&mut document["components"], "schemas")
}

/// The name in a reference to a component schema.
pub(super) fn referred(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(SCHEMAS)
}

pub(super) fn text<'a>(object: &'a Object, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Whether `type` is, or admits, `wanted`.
pub(super) fn is_type(schema: &Object, wanted: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(one)) => one == wanted,
        Some(Value::Array(several)) => several.iter().any(|one| one == wanted),
        _ => false,
    }
}

/// Calls `act` on every schema of the document, inner ones first.
pub(super) fn for_each_schema(document: &mut Value, act: &mut dyn FnMut(&mut Object)) {
    for operation in operations_mut(document) {
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            within(parameter.get_mut("schema"), act);
        }
        if let Some(body) = operation.get_mut("requestBody") {
            in_content(body, act);
        }
        object_mut(operation.get_mut("responses")).for_each(|(_, response)| in_response(response, act));
    }
    let Some(components) = document.get_mut("components") else { return };
    object_mut(components.get_mut("schemas")).for_each(|(_, schema)| within(Some(schema), act));
    object_mut(components.get_mut("parameters"))
        .for_each(|(_, parameter)| within(parameter.get_mut("schema"), act));
    object_mut(components.get_mut("headers")).for_each(|(_, header)| within(header.get_mut("schema"), act));
    object_mut(components.get_mut("responses")).for_each(|(_, response)| in_response(response, act));
}

fn in_response(response: &mut Value, act: &mut dyn FnMut(&mut Object)) {
    object_mut(response.get_mut("headers")).for_each(|(_, header)| within(header.get_mut("schema"), act));
    in_content(response, act);
}

fn in_content(holder: &mut Value, act: &mut dyn FnMut(&mut Object)) {
    object_mut(holder.get_mut("content")).for_each(|(_, media)| within(media.get_mut("schema"), act));
}

fn within(schema: Option<&mut Value>, act: &mut dyn FnMut(&mut Object)) {
    let Some(schema) = schema.and_then(Value::as_object_mut) else { return };
    for (keyword, inner) in schema.iter_mut() {
        match (keyword.as_str(), inner) {
            ("properties" | "patternProperties" | "$defs", inner) => {
                object_mut(Some(inner)).for_each(|(_, property)| within(Some(property), act));
            }
            ("oneOf" | "anyOf" | "allOf" | "prefixItems", Value::Array(branches)) => {
                branches.iter_mut().for_each(|branch| within(Some(branch), act));
            }
            ("items" | "additionalProperties" | "propertyNames" | "not", inner) => within(Some(inner), act),
            _ => {}
        }
    }
    act(schema);
}
