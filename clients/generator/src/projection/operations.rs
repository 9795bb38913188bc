//! Operations as progenitor wants them: one body, one success type, one type of refusal, no references to parameters.

use super::{Object, members};
use serde_json::{Value, json};

#[derive(Default)]
pub(super) struct Bodies {
    pub(super) media_types: Vec<(String, String)>,
    pub(super) idempotent: Vec<String>,
}

/// Set by the client for all its requests, so of no use on each.
const SET_BY_CLIENT: &str = "Accept-Language";

pub(super) fn simplify(document: &mut Value) -> Result<Bodies, String> {
    let components = document["components"].clone();
    let mut bodies = Bodies::default();
    for (_, item) in members(&mut document["paths"]) {
        for (_, operation) in members(item) {
            let Some(operation) = operation.as_object_mut() else { continue };
            let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
            operation.retain(|key, _| {
                ["operationId", "summary", "description", "tags", "parameters", "requestBody", "responses"]
                    .contains(&key.as_str())
            });
            if parameters(operation, &components) {
                bodies.idempotent.push(id.clone());
            }
            if let Some(body) = operation.get_mut("requestBody")
                && let Some(media_type) = request_body(&id, body)?
            {
                bodies.media_types.push((id.clone(), media_type));
            }
            responses(&id, operation, &components)?;
        }
    }
    Ok(bodies)
}

/// Puts parameters in place of their references. Says whether there is an `Idempotency-Key`, which becomes optional:
/// the client makes one where the caller gives none.
fn parameters(operation: &mut Object, components: &Value) -> bool {
    let Some(Value::Array(parameters)) = operation.get_mut("parameters") else { return false };
    for parameter in parameters.iter_mut() {
        *parameter = resolve(parameter, components);
    }
    parameters.retain(|parameter| parameter["name"] != SET_BY_CLIENT);
    let mut idempotent = false;
    for parameter in parameters.iter_mut() {
        if parameter["name"] == "Idempotency-Key" {
            parameter["required"] = json!(false);
            idempotent = true;
        }
    }
    idempotent
}

/// Leaves one media type that progenitor knows. Gives the true one when it had to be disguised as bytes.
fn request_body(id: &str, body: &mut Value) -> Result<Option<String>, String> {
    let Some(content) = body["content"].as_object_mut() else { return Ok(None) };
    let (Some((media_type, _)), 1) = (content.iter().next(), content.len()) else {
        return Err(format!("{id}: a body needs exactly one media type"));
    };
    let media_type = media_type.clone();
    match media_type.as_str() {
        "application/json" | "application/x-www-form-urlencoded" => {
            content.values_mut().for_each(drop_examples);
            Ok(None)
        }
        structured if structured.ends_with("+json") => {
            let mut media = content.shift_remove(structured).unwrap_or_default();
            drop_examples(&mut media);
            content.insert("application/json".to_owned(), media);
            Ok(Some(media_type))
        }
        _ => {
            content.clear();
            let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
            content.insert("application/octet-stream".to_owned(), bytes);
            Ok(Some(media_type))
        }
    }
}

/// Keeps the success responses, without their headers (the client hands over all headers anyway), and makes two ranges
/// of all refusals, which also cover those that are not declared.
fn responses(id: &str, operation: &mut Object, components: &Value) -> Result<(), String> {
    let Some(Value::Object(responses)) = operation.get_mut("responses") else {
        return Err(format!("{id}: no responses"));
    };
    responses.retain(|status, _| status.starts_with('2'));
    for response in responses.values_mut() {
        let mut resolved = resolve(response, components);
        *response = match success_content(&mut resolved) {
            Some(content) => json!({ "description": resolved["description"], "content": content }),
            None => json!({ "description": resolved["description"] }),
        };
    }
    let mut bodies = responses.values().map(|response| &response["content"]);
    if let Some(first) = bodies.next()
        && bodies.any(|other| other != first)
    {
        return Err(format!("{id}: the success responses differ in type, which the client cannot express"));
    }
    for range in ["4XX", "5XX"] {
        responses.insert(
            range.to_owned(),
            json!({
                "description": "Refusal",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            }),
        );
    }
    Ok(())
}

fn success_content(response: &mut Value) -> Option<Value> {
    let (media_type, media) = response.get_mut("content")?.as_object_mut()?.iter_mut().next()?;
    drop_examples(media);
    // Anything that is not JSON is handed over as a stream of bytes.
    let known = if media_type.ends_with("json") && !media_type.ends_with("ndjson") {
        "application/json"
    } else {
        "application/octet-stream"
    };
    Some(json!({ known: media }))
}

fn drop_examples(media: &mut Value) {
    if let Some(media) = media.as_object_mut() {
        media.retain(|key, _| key == "schema");
    }
}

fn resolve(value: &Value, components: &Value) -> Value {
    let target = value
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| components.pointer(reference.strip_prefix("#/components")?));
    target.unwrap_or(value).clone()
}
