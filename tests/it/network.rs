//! The network over HTTP: an organisation asks to join, the agency decides, the composition follows.

use concilia_tests::{Caller, TestServer};
use serde_json::{Value, json};

fn request(territory: &str) -> Value {
    json!({
        "territory": territory, "legal_name": "Il Girasole", "tax_code": "00743110157", "kind": "nonprofit",
        "municipality": "Mantova", "address": "via Roma 1", "email": "info@example.it", "phone": "0376 334111",
        "legal_representative": "Anna Bianchi", "statement_version": "2026-11",
    })
}

async fn members(caller: &Caller) -> i64 {
    let composition = caller.get("/v1/network-composition?territory=ATS-VALPADANA").await.expect(200);
    composition["members"].as_i64().unwrap()
}

#[tokio::test]
async fn an_organisation_joins_the_network() {
    let server = TestServer::start().await;
    let (anyone, ats) = (server.anyone(), server.role("ats").await);
    let before = members(&anyone).await;
    assert!(before > 0, "the demo has a network");
    let statement = anyone.get("/v1/membership-statement").await.expect(200);
    assert_eq!(statement["version"], "2026-11");
    let asked = anyone.post("/v1/memberships", &request("ATS-VALPADANA")).await;
    let path = asked.headers["location"].to_str().unwrap().to_owned();
    asked.expect(201);
    assert_eq!(anyone.post("/v1/memberships", &request("ATS-VALPADANA")).await.code(409), "already_exists");
    assert_eq!(anyone.post("/v1/memberships", &request("ATS-NOWHERE")).await.code(422), "validation_failed");
    assert_eq!(anyone.get(&path).await.code(401), "unauthenticated");
    assert_eq!(server.role("employer").await.get(&path).await.code(404), "not_found");
    assert_eq!(server.nth("ats", 1, 0).await.act(&format!("{path}/admit")).await.code(404), "not_found");
    assert_eq!(members(&anyone).await, before);

    let keyed = ats.with("Idempotency-Key", "admission");
    let admitted = keyed.act(&format!("{path}/admit")).await.expect(200);
    assert_eq!(keyed.act(&format!("{path}/admit")).await.expect(200), admitted);
    assert_eq!(admitted["request"]["contact"]["email"], "info@example.it");
    assert_eq!(ats.act(&format!("{path}/admit")).await.code(409), "transition_not_allowed");
    assert_eq!(members(&anyone).await, before + 1);
    let listed = anyone.get("/v1/memberships?territory=ATS-VALPADANA&q=girasole").await.expect(200);
    assert!(!listed.to_string().contains("info@example.it"), "the contact is not public: {listed}");
    let names: Vec<_> = listed["items"].as_array().unwrap().iter().map(|m| &m["organisation"]["name"]).collect();
    assert!(names.contains(&&json!("Il Girasole")), "{names:?}");

    let excluded = ats.post(&format!("{path}/exclude"), &json!({"reason": "Inadempiente"})).await.expect(200);
    assert_eq!(excluded["state"], "excluded");
    assert_eq!(members(&anyone).await, before);
    server.stop().await;
}
