//! Projection of the document from OpenAPI 3.1 to the part of 3.0.3 that progenitor reads. It loses on purpose what a
//! Rust client does not need (bounds, descriptions of headers, each refusal apart), and is never served.

mod lists;
mod operations;
mod schemas;
mod unions;

#[cfg(test)]
mod tests;

pub(crate) use lists::List;
pub(crate) use schemas::{DECIMAL, MONEY};
use serde_json::{Map, Value, json};

pub(crate) type Object = Map<String, Value>;

pub(crate) struct Projection {
    pub(crate) document: Value,
    /// Operation and media type of the bodies that are handed over as bytes.
    pub(crate) media_types: Vec<(String, String)>,
    /// Operations that take an `Idempotency-Key`.
    pub(crate) idempotent: Vec<String>,
    /// Operations that answer pages.
    pub(crate) lists: Vec<List>,
}

pub(crate) fn project(mut document: Value) -> Result<Projection, String> {
    let version = document["openapi"].as_str().unwrap_or_default();
    if !version.starts_with("3.1.") {
        return Err(format!("the document is of OpenAPI {version:?}, wanted 3.1"));
    }
    unions::inline_branches(&mut document);
    let bodies = operations::simplify(&mut document)?;
    let schemas = document["components"]["schemas"].take();
    let mut document = json!({
        "openapi": "3.0.3",
        "info": { "title": document["info"]["title"], "version": document["info"]["version"] },
        "paths": document["paths"],
        "components": { "schemas": schemas },
    });
    schemas::simplify(&mut document)?;
    let lists = lists::find(&document);
    Ok(Projection { document, media_types: bodies.media_types, idempotent: bodies.idempotent, lists })
}

pub(crate) fn members(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}
