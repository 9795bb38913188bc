//! What arrives broken is refused as a problem, never a 500, and leaves nothing behind.

use concilia_tests::{Answer, Caller, TestServer};
use reqwest::Method;
use serde_json::json;

async fn raw(caller: &Caller, path: &str, media_type: &str, body: impl Into<reqwest::Body>) -> Answer {
    let request = caller.request(Method::POST, path).header("content-type", media_type).body(body);
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn broken_bodies_are_refused() {
    let server = TestServer::start().await;
    let worker = server.role("worker").await;
    let path = "/v1/household/members";
    let before = worker.get(path).await.expect(200);
    let deep = format!("{{\"given_name\":{}1{}}}", "[".repeat(500), "]".repeat(500));
    let cases: Vec<(&str, Vec<u8>, u16)> = vec![
        ("application/json", b"{".to_vec(), 400),
        ("application/json", b"".to_vec(), 400),
        ("application/json", b"[]".to_vec(), 400),
        ("application/json", b"{\"given_name\":\"\xff\"}".to_vec(), 400),
        ("application/json", br#"{"given_name":"a\u0000b"}"#.to_vec(), 400),
        ("application/json", deep.into_bytes(), 400),
        ("application/json", vec![b' '; 300 * 1024], 413),
        ("text/plain", b"{}".to_vec(), 415),
        ("application/json; charset=utf-16", b"{}".to_vec(), 415),
    ];
    for (media_type, body, status) in cases {
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        let answer = raw(&worker, path, media_type, body).await;
        assert_eq!(answer.status, status, "{shown}: {}", answer.body);
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
    assert_eq!(worker.get(path).await.expect(200), before, "nothing is stored");
    server.stop().await;
}

#[tokio::test]
async fn broken_fields_are_named() {
    let server = TestServer::start().await;
    let worker = server.role("worker").await;
    let good = json!({"given_name": "Anna", "family_name": "Verdi", "birth_date": "2018-03-04", "relationship": "child",
        "disability": false, "learning_disorder": false, "other_fragility": false, "school_level": "primary"});
    for (field, value, status, code) in [
        ("birth_date", json!("2018-02-31"), 400, "type"),
        ("birth_date", json!("2999-01-01"), 422, "in_future"),
        ("given_name", json!(""), 422, "length"),
        ("given_name", json!("x".repeat(5000)), 422, "length"),
        ("given_name", json!(7), 400, "type"),
        ("relationship", json!("cat"), 400, "type"),
        ("unheard_of", json!(true), 400, "unknown_field"),
    ] {
        let mut body = good.clone();
        body[field] = value;
        let answer = worker.post("/v1/household/members", &body).await;
        assert_eq!(answer.status, status, "{field}: {}", answer.body);
        let error = &answer.body["errors"][0];
        assert_eq!(error["code"], code, "{field}: {}", answer.body);
        assert!(error["pointer"].as_str().unwrap().contains(field), "{}", answer.body);
    }
    server.stop().await;
}

#[tokio::test]
async fn amounts_out_of_range_are_refused() {
    let server = TestServer::start().await;
    let worker = server.role("worker").await;
    let household = worker.get("/v1/household").await;
    for isee in
        [json!("-1.00"), json!("1e9"), json!("99999999999999999999.00"), json!("1.005"), json!(100), json!("NaN")]
    {
        let facts = json!({"single_parent": false, "both_parents_working": false, "shift_work": false,
            "no_relatives_nearby": false, "woman_entrepreneur": false, "isee": isee});
        let answer = worker.with("if-match", household.etag()).put("/v1/household", &facts).await;
        assert!(matches!(answer.status, 400 | 422), "{isee}: {}", answer.body);
    }
    server.stop().await;
}

#[tokio::test]
async fn broken_addresses_are_refused() {
    let server = TestServer::start().await;
    let worker = server.role("worker").await;
    for (path, status) in [
        ("/v1/orders/not-a-uuid", 400),
        ("/v1/orders/%00", 400),
        ("/v1/orders?limit=0", 400),
        ("/v1/orders?limit=abc", 400),
        ("/v1/orders?limit=99999999999999999999", 400),
        ("/v1/orders?cursor=%21%21", 400),
        ("/v1/orders?cursor=AAAA", 404),
        ("/v1/orders?unheard=1", 400),
        ("/v1/orders?limit=1&limit=2", 400),
        ("/v1/services?q=%00", 400),
        ("/v1/nowhere/at/all", 404),
    ] {
        let answer = worker.get(path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{path}");
    }
    let long = worker.get(&format!("/v1/services?q={}", "x".repeat(20_000))).await;
    assert!(matches!(long.status, 400 | 414), "{}", long.status);
    server.stop().await;
}

#[tokio::test]
async fn search_takes_any_text() {
    let server = TestServer::start().await;
    for text in
        ["'", "\"", "a & b | !c", "%25", "\\", "<->", ":*", "🙂", "(((", "a\u{301}", "x'; DROP TABLE services; --"]
    {
        let path = "/v1/services";
        let request = server.anyone().request(Method::GET, path).query(&[("q", text)]);
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.status, 200, "{text}: {}", answer.body);
    }
    server.stop().await;
}
