//! A plan checked over HTTP: what is found, in whose language, what is refused, and who may not ask.

use concilia_tests::{Answer, TestServer};
use serde_json::{Value, json};

const REAL: &str = include_str!("../../api/plan-check/examples/val-padana-2020-23.json");

#[tokio::test]
async fn the_real_plan_is_checked_in_the_callers_language() {
    let server = TestServer::start().await;
    let plan: Value = serde_json::from_str(REAL).unwrap();
    let places = |answer: &Value| {
        let findings = answer["findings"].as_array().unwrap().iter();
        findings.map(|finding| finding["where"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for role in ["ats", "evaluator", "alliance_lead"] {
        let caller = server.role(role).await;
        let italian = caller.post("/v1/plan-checks", &plan).await.expect(200);
        assert_eq!(places(&italian), ["/network_composition/in_alliances", "/allocation/rows/6/cost"]);
        assert_eq!(italian["counts"]["errors"], 2);
        assert!(italian["findings"][1]["message"].as_str().unwrap().contains("atteso 57142.85, trovato 57143"));
        assert!(italian["checked"].as_array().unwrap().iter().any(|rule| rule["rule"] == "cofinancing_minimum"));
    }
    let english =
        server.role("ats").await.with("accept-language", "en").post("/v1/plan-checks", &plan).await.expect(200);
    assert!(english["findings"][0]["message"].as_str().unwrap().starts_with("expected 70, found 71"));
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_plan_is_refused_and_what_is_half_a_plan_is_checked() {
    let server = TestServer::start().await;
    let officer = server.role("ats").await;
    let send = async |body: String| {
        let request =
            officer.request(reqwest::Method::POST, "/v1/plan-checks").header("content-type", "application/json");
        Answer::of(request.body(body).send().await.unwrap()).await
    };
    assert_eq!(send("{".into()).await.code(400), "malformed_request");
    assert_eq!(send("[]".into()).await.code(400), "malformed_request");
    assert_eq!(
        send(format!("{{\"source\": \"{}\"}}", "x".repeat(1024 * 1024))).await.code(413),
        "payload_too_large"
    );
    let many: serde_json::Map<String, Value> = (0..101).map(|n| (n.to_string(), Value::Null)).collect();
    assert_eq!(send(json!(many).to_string()).await.code(422), "validation_failed");
    let clean = send("{}".into()).await.expect(200);
    assert_eq!(clean["findings"], json!([]));
    // Larger than other bodies may be: a plan is a document.
    let large = send(format!("{{\"source\": \"{}\", \"plan\": {{\"from\": \"2020\"}}}}", "x".repeat(600 * 1024)))
        .await
        .expect(200);
    assert_eq!(large["findings"][0]["rule"], "value_unreadable");
    let plain = officer.request(reqwest::Method::POST, "/v1/plan-checks").header("content-type", "text/plain");
    assert_eq!(Answer::of(plain.body("{}").send().await.unwrap()).await.code(415), "unsupported_media_type");
    let provider = server.role("provider").await.post("/v1/plan-checks", &json!({})).await;
    assert_eq!(provider.code(403), "forbidden");
    server.stop().await;
}
