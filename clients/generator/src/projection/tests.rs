use super::project;
use serde_json::{Value, json};

fn document(operation: &Value, schemas: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "T", "version": "1.0.0" },
        "paths": { "/v1/things": { "post": operation } },
        "components": {
            "schemas": schemas,
            "parameters": {
                "IdempotencyKey": { "name": "Idempotency-Key", "in": "header", "required": true, "schema": {} },
                "AcceptLanguage": { "name": "Accept-Language", "in": "header", "schema": {} },
            },
        },
    })
}

fn operation(responses: &Value) -> Value {
    json!({
        "operationId": "create_thing",
        "parameters": [
            { "$ref": "#/components/parameters/IdempotencyKey" },
            { "$ref": "#/components/parameters/AcceptLanguage" },
        ],
        "requestBody": { "content": { "text/csv": { "schema": { "type": "string", "maxLength": 10 } } } },
        "responses": responses,
    })
}

fn created() -> Value {
    json!({ "201": { "description": "Made", "headers": {}, "content": {
        "application/json": { "schema": { "$ref": "#/components/schemas/Thing" }, "example": {} }
    } }, "304": {}, "409": {} })
}

#[test]
fn an_operation_keeps_what_a_client_needs() {
    let projection = project(document(&operation(&created()), &json!({}))).unwrap();
    let operation = &projection.document["paths"]["/v1/things"]["post"];
    let parameters = operation["parameters"].as_array().unwrap();
    assert_eq!(parameters.len(), 1);
    assert_eq!(parameters[0]["required"], false);
    assert_eq!(projection.idempotent, ["create_thing"]);
    assert_eq!(projection.media_types, [("create_thing".to_owned(), "text/csv".to_owned())]);
    let bytes = &operation["requestBody"]["content"]["application/octet-stream"]["schema"];
    assert_eq!(*bytes, json!({ "type": "string", "format": "binary" }));
    let statuses: Vec<_> = operation["responses"].as_object().unwrap().keys().collect();
    assert_eq!(statuses, ["201", "4XX", "5XX"]);
}

#[test]
fn success_responses_of_different_types_are_refused() {
    let mut responses = created();
    responses["204"] = json!({ "description": "Was there" });
    let refusal = project(document(&operation(&responses), &json!({}))).err().unwrap();
    assert!(refusal.contains("create_thing"), "{refusal}");
}

#[test]
fn schemas_are_nullable_in_the_old_way_and_unconstrained() {
    let thing = json!({ "type": "object", "additionalProperties": false, "properties": {
        "name": { "type": ["string", "null"], "maxLength": 5, "pattern": "^x" },
        "price": { "description": "Price", "oneOf": [{ "$ref": "#/components/schemas/Money" }, { "type": "null" }] },
        "factor": { "type": "string", "format": "decimal" },
        "kind": { "const": "one" },
    } });
    let projection = project(document(&operation(&created()), &json!({ "Thing": thing, "Money": {} }))).unwrap();
    let thing = &projection.document["components"]["schemas"]["Thing"];
    assert!(thing.get("additionalProperties").is_none());
    assert_eq!(thing["properties"]["name"], json!({ "type": "string", "nullable": true }));
    assert_eq!(
        thing["properties"]["price"],
        json!({ "description": "Price", "nullable": true, "allOf": [{ "$ref": "#/components/schemas/Money" }] })
    );
    assert_eq!(thing["properties"]["factor"], json!({ "allOf": [{ "$ref": "#/components/schemas/Decimal" }] }));
    assert_eq!(thing["properties"]["kind"], json!({ "enum": ["one"] }));
}

#[test]
fn the_branches_of_a_tagged_union_stand_in_it() {
    let schemas = json!({
        "Venue": {
            "oneOf": [{ "$ref": "#/components/schemas/VenueHome" }],
            "discriminator": { "propertyName": "kind", "mapping": {} },
        },
        "VenueHome": { "type": "object", "properties": { "kind": { "type": "string", "enum": ["home"] } } },
    });
    let projection = project(document(&operation(&created()), &schemas)).unwrap();
    let schemas = &projection.document["components"]["schemas"];
    assert_eq!(schemas["Venue"]["oneOf"][0]["properties"]["kind"]["enum"], json!(["home"]));
    assert!(schemas.get("VenueHome").is_none());
}
