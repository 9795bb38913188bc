use super::{defects, finish, render};
use crate::policy::Access;
use concilia_kernel::Role;
use serde_json::{Value, json};

fn raw() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "", "version": "" },
        "paths": {
            "/v1/services": {
                "get": {
                    "tags": ["marketplace"], "operationId": "list_services", "summary": "List", "description": "List.",
                    "parameters": [
                        { "name": "from", "in": "query", "schema": { "type": ["string", "null"], "format": "date" } },
                        { "name": "If-None-Match", "in": "header", "schema": { "type": ["string", "null"] } },
                    ],
                    "responses": { "200": {
                        "description": "A page",
                        "headers": { "etag": { "schema": { "type": "string" } } },
                        "content": { "application/json": { "schema": {
                            "$ref": "#/components/schemas/Page_Service"
                        } } },
                    } },
                },
            },
            "/v1/services/{service_id}": {
                "put": {
                    "tags": ["marketplace"], "operationId": "replace_service", "summary": "Replace",
                    "description": "Replace.",
                    "parameters": [
                        { "name": "service_id", "in": "path", "required": true,
                          "schema": { "type": "string", "format": "uuid" } },
                        { "name": "If-Match", "in": "header", "required": true, "schema": { "type": "string" } },
                    ],
                    "requestBody": { "content": { "application/json": { "schema": {
                        "$ref": "#/components/schemas/Service"
                    } } } },
                    "responses": {
                        "200": { "description": "Replaced" },
                        "409": { "description": "The title is taken" },
                    },
                },
            },
        },
        "components": { "schemas": {
            "Problem": { "type": "object", "properties": { "code": { "type": "string" } } },
            "Page_Service": { "type": "object", "properties": {
                "items": { "type": "array", "items": { "type": "object", "properties": { "copied": {} } } },
                "next": { "type": ["string", "null"] },
            } },
            "Service": {
                "type": "object",
                "properties": {
                    "venue": { "$ref": "#/components/schemas/Venue" },
                    "starts_at": { "type": "string", "format": "date-time" },
                    "places": { "type": "integer", "format": "int32", "minimum": 0 },
                },
                "example": { "venue": { "kind": "online" } },
            },
            "Address": {
                "type": "object", "required": ["street"], "properties": { "street": { "type": "string" } },
            },
            "Venue": { "oneOf": [
                { "allOf": [
                    { "$ref": "#/components/schemas/Address" },
                    { "type": "object", "required": ["kind"],
                      "properties": { "kind": { "type": "string", "enum": ["address"] } } },
                ] },
                { "type": "object", "required": ["kind"],
                  "properties": { "kind": { "type": "string", "enum": ["on_line"] } } },
            ] },
        } },
    })
}

fn finished() -> Value {
    finish(raw(), &|operation| match operation {
        "list_services" => Some(Access::Public),
        _ => Some(Access::Roles(&[Role::Provider])),
    })
}

#[test]
fn a_complete_document_has_no_defect_and_finishes_to_the_same_bytes() {
    assert_eq!(defects(&finished()), Vec::<String>::new());
    assert_eq!(render(&finished()), render(&finished()));
}

#[test]
fn pages_refer_to_their_items() {
    let document = finished();
    let page = &document["components"]["schemas"]["ServicePage"];
    assert_eq!(page["properties"]["items"]["items"]["$ref"], "#/components/schemas/Service");
    let media = &document["paths"]["/v1/services"]["get"]["responses"]["200"]["content"]["application/json"];
    assert_eq!(media["schema"]["$ref"], "#/components/schemas/ServicePage");
    assert_eq!(media["example"], json!({ "items": [{ "venue": { "kind": "online" } }], "next": null }));
}

#[test]
fn tagged_unions_get_a_discriminator_and_closed_branches() {
    let document = finished();
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["Venue"]["discriminator"]["mapping"]["on_line"], "#/components/schemas/VenueOnLine");
    assert_eq!(schemas["VenueAddress"]["required"], json!(["street", "kind"]));
    assert_eq!(schemas["VenueAddress"]["additionalProperties"], false);
    assert!(schemas.get("Address").is_none(), "nothing refers to it any more");
}

#[test]
fn an_operation_gets_the_problems_its_shape_allows() {
    let document = finished();
    let statuses = |path: &str, method: &str| -> Vec<String> {
        document["paths"][path][method]["responses"].as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(statuses("/v1/services", "get"), ["200", "304", "400", "401", "405", "422", "429", "500", "503"]);
    assert_eq!(
        statuses("/v1/services/{service_id}", "put"),
        [
            "200", "400", "401", "403", "404", "405", "408", "409", "412", "413", "415", "422", "428", "429",
            "500", "503"
        ]
    );
    let own = &document["paths"]["/v1/services/{service_id}"]["put"]["responses"]["409"];
    assert_eq!(own["description"], "The title is taken");
    assert_eq!(own["content"]["application/problem+json"]["schema"]["$ref"], "#/components/schemas/Problem");
}

#[test]
fn headers_and_parameters_are_described_once() {
    let document = finished();
    let list = &document["paths"]["/v1/services"]["get"];
    assert_eq!(list["responses"]["200"]["headers"]["ETag"]["$ref"], "#/components/headers/ETag");
    assert_eq!(list["parameters"][0]["schema"], json!({ "type": "string", "format": "date", "maxLength": 10 }));
    assert_eq!(list["parameters"][1]["$ref"], "#/components/parameters/IfNoneMatch");
    assert_eq!(list["parameters"][2]["$ref"], "#/components/parameters/AcceptLanguage");
}

#[test]
fn the_policy_is_written_on_each_operation() {
    let document = finished();
    assert_eq!(document["paths"]["/v1/services"]["get"]["security"], json!([{}]));
    let put = &document["paths"]["/v1/services/{service_id}"]["put"];
    assert_eq!(put["security"], json!([{ "bearer": [] }, { "oauth2": [] }]));
    assert_eq!(put["x-roles"], json!(["provider"]));
}

#[test]
fn formats_bring_their_bounds() {
    let document = finished();
    let properties = &document["components"]["schemas"]["Service"]["properties"];
    assert_eq!(properties["starts_at"]["maxLength"], 35);
    assert_eq!(
        (&properties["places"]["minimum"], &properties["places"]["maximum"]),
        (&json!(0), &json!(i32::MAX))
    );
}

#[test]
fn defects_name_what_is_wrong() {
    let mut document = finished();
    document["paths"]["/v1/services"]["get"]["operationId"] = json!("replace_service");
    document["paths"]["/v1/services"]["get"]["tags"] = json!(["unheard"]);
    document["components"]["schemas"]["Service"]["properties"]["venue"]["$ref"] =
        json!("#/components/schemas/Gone");
    let found = defects(&document).join("\n");
    for expected in ["`replace_service` is also that of", "unheard", "#/components/schemas/Gone leads nowhere"] {
        assert!(found.contains(expected), "{expected} not in {found}");
    }
}
