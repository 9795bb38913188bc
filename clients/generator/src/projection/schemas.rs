//! Schemas: nullability in the 3.0 way, and none of the constraints that would become types of their own.

use super::Object;
use serde_json::{Value, json};

/// Amounts in euro: a component of the document.
pub(crate) const MONEY: &str = "Money";
/// Other decimals: a component that only the projection has.
pub(crate) const DECIMAL: &str = "Decimal";

/// Kept by the server, not by the types of the client. `additionalProperties: false` among them: a client must survive
/// a property that is added.
const CONSTRAINTS: [&str; 17] = [
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "propertyNames",
    "default",
    "example",
    "examples",
];

pub(super) fn simplify(document: &mut Value) -> Result<(), String> {
    for (name, schema) in super::members(&mut document["components"]["schemas"]) {
        if name == MONEY {
            *schema = json!({ "type": "string" }); // replaced by the type of the client
        }
        schema_node(schema)?;
    }
    document["components"]["schemas"][DECIMAL] = json!({ "type": "string" });
    for (_, item) in super::members(&mut document["paths"]) {
        for (_, operation) in super::members(item) {
            schemas_within(operation)?;
        }
    }
    Ok(())
}

/// Every value under a `schema` key of an operation.
fn schemas_within(value: &mut Value) -> Result<(), String> {
    match value {
        Value::Object(object) => object
            .iter_mut()
            .try_for_each(|(key, inner)| if key == "schema" { schema_node(inner) } else { schemas_within(inner) }),
        Value::Array(items) => items.iter_mut().try_for_each(schemas_within),
        _ => Ok(()),
    }
}

fn schema_node(value: &mut Value) -> Result<(), String> {
    let Some(schema) = value.as_object_mut() else { return Ok(()) };
    for (keyword, inner) in schema.iter_mut() {
        match (keyword.as_str(), inner) {
            ("properties", inner) => {
                super::members(inner).try_for_each(|(_, property)| schema_node(property))?;
            }
            ("oneOf" | "anyOf" | "allOf", Value::Array(branches)) => {
                branches.iter_mut().try_for_each(schema_node)?;
            }
            ("items" | "additionalProperties" | "not", inner) => schema_node(inner)?,
            _ => {}
        }
    }
    schema.retain(|keyword, value| {
        !(CONSTRAINTS.contains(&keyword.as_str())
            || keyword.starts_with("x-")
            || (keyword == "additionalProperties" && *value == false))
    });
    if let Some(only) = schema.shift_remove("const") {
        schema.insert("enum".to_owned(), json!([only]));
    }
    null_in_type(schema)?;
    refer_to_decimal(schema);
    null_in_branches(schema);
    bare_reference(schema);
    Ok(())
}

/// A decimal number in a string, other than money.
fn refer_to_decimal(schema: &mut Object) {
    if schema.get("format").is_some_and(|format| format == "decimal") {
        schema.retain(|keyword, _| keyword == "description" || keyword == "nullable");
        schema.insert("allOf".to_owned(), json!([{ "$ref": format!("#/components/schemas/{DECIMAL}") }]));
    }
}

/// `type: [T, null]` -> `type: T, nullable: true`
fn null_in_type(schema: &mut Object) -> Result<(), String> {
    let Some(Value::Array(types)) = schema.get("type") else { return Ok(()) };
    let rest: Vec<Value> = types.iter().filter(|one| *one != "null").cloned().collect();
    let nullable = rest.len() < types.len();
    let [only] = rest.as_slice() else { return Err(format!("a schema of several types: {types:?}")) };
    schema.insert("type".to_owned(), only.clone());
    if nullable {
        schema.insert("nullable".to_owned(), json!(true));
    }
    Ok(())
}

/// `oneOf: [X, null]` -> `allOf: [X], nullable: true`
fn null_in_branches(schema: &mut Object) {
    for keyword in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = schema.get(keyword) else { continue };
        let rest: Vec<Value> = branches.iter().filter(|branch| branch["type"] != "null").cloned().collect();
        if rest.len() == branches.len() {
            continue;
        }
        schema.insert("nullable".to_owned(), json!(true));
        if rest.len() == 1 {
            schema.shift_remove(keyword);
            schema.insert("allOf".to_owned(), Value::Array(rest));
        } else {
            schema.insert(keyword.to_owned(), Value::Array(rest));
        }
    }
}

/// In 3.0 nothing may stand beside `$ref`; a description goes around it.
fn bare_reference(schema: &mut Object) {
    let Some(reference) = schema.get("$ref").cloned() else { return };
    let description = schema.get("description").cloned();
    schema.clear();
    match description {
        Some(description) => {
            schema.insert("description".to_owned(), description);
            schema.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
        }
        None => {
            schema.insert("$ref".to_owned(), reference);
        }
    }
}
