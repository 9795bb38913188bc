//! Operations that answer `{items, next}` and take `cursor`: the client reads them as streams.

use serde_json::Value;

pub(crate) struct List {
    pub(crate) operation: String,
    /// Schema of the page, and of its items.
    pub(crate) page: String,
    pub(crate) item: String,
}

/// Reads the finished projection.
pub(super) fn find(document: &Value) -> Vec<List> {
    let items = document["paths"].as_object().into_iter().flat_map(serde_json::Map::values);
    items
        .filter_map(Value::as_object)
        .flat_map(serde_json::Map::values)
        .filter_map(|o| list(o, document))
        .collect()
}

fn list(operation: &Value, document: &Value) -> Option<List> {
    let mut parameters = operation.get("parameters")?.as_array()?.iter();
    if !parameters.any(|parameter| parameter["in"] == "query" && parameter["name"] == "cursor") {
        return None;
    }
    let page = name(operation.pointer("/responses/200/content/application~1json/schema")?)?;
    let properties = &document["components"]["schemas"][page]["properties"];
    properties.get("next")?;
    let item = name(&properties["items"]["items"])?;
    Some(List {
        operation: operation["operationId"].as_str()?.to_owned(),
        page: page.to_owned(),
        item: item.to_owned(),
    })
}

fn name(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")
}
