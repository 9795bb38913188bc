//! What every answer owes its caller: identifiers, languages, methods, limits, security headers.

use concilia_tests::TestServer;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_wrong_method_answers_405_with_what_is_allowed() {
    let server = TestServer::start().await;
    let anyone = server.anyone();
    for method in ["TRACE", "PATCH", "DELETE", "PUT"] {
        let method: Method = method.parse().unwrap();
        let response = anyone.request(method.clone(), "/v1/stores").send().await.unwrap();
        assert_eq!(response.status(), 405, "{method}");
        assert_eq!(response.headers()["allow"], "GET, OPTIONS, POST");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_path_is_guarded_however_it_is_encoded() {
    let server = TestServer::start().await;
    assert_eq!(server.anyone().get("/v1/%73tores").await.status, 200);
    assert_eq!(server.anyone().get("/v1/%6Frders").await.code(401), "unauthenticated");
    assert_eq!(server.role("evaluator").await.get("/v1/%6Frders").await.code(403), "forbidden");
    for path in ["/v1//orders", "/v1/orders/", "/v1%2Forders", "/v1/%256Frders", "/V1/orders"] {
        assert_eq!(server.anyone().get(path).await.code(404), "not_found", "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn problems_speak_the_callers_language() {
    let server = TestServer::start().await;
    let italian = server.anyone().get("/v1/nowhere").await;
    assert_eq!(italian.code(404), "not_found");
    assert_eq!(italian.body["title"], "Risorsa non trovata");
    let english = server.anyone().with("accept-language", "en-GB,it;q=0.3").get("/v1/nowhere").await;
    assert_eq!(english.body["title"], "Resource not found");
    assert_eq!(english.headers["content-language"], "en");
    server.stop().await;
}

#[tokio::test]
async fn the_callers_request_id_is_kept_when_plain_and_replaced_when_not() {
    let server = TestServer::start().await;
    let kept = server.anyone().with("request-id", "abc-123").get("/v1/nowhere").await;
    assert_eq!(kept.headers["request-id"], "abc-123");
    assert_eq!(kept.body["instance"], "abc-123");
    let replaced = server.anyone().with("request-id", "a b<script>").get("/v1/nowhere").await;
    assert_ne!(replaced.headers["request-id"], "a b<script>");
    server.stop().await;
}

#[tokio::test]
async fn a_caller_beyond_its_limit_waits() {
    let server = TestServer::start_with(|config| config.rate_limit = 5).await;
    let anyone = server.anyone();
    let first = anyone.get("/v1/stores").await;
    assert_eq!(first.headers["x-ratelimit-limit"], "5");
    assert_eq!(first.headers["x-ratelimit-remaining"], "4");
    let mut last = first;
    for _ in 0..5 {
        last = anyone.get("/v1/stores").await;
    }
    assert_eq!(last.code(429), "rate_limited");
    assert!(last.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
    server.stop().await;
}

#[tokio::test]
async fn a_callers_address_is_the_last_that_the_trusted_proxy_adds() {
    let server = TestServer::start_with(|config| (config.trust_proxy, config.rate_limit) = (true, 5)).await;
    let left = async |lines: &[&str]| {
        let request = server.anyone().request(Method::GET, "/v1/stores");
        let request = lines.iter().fold(request, |request, line| request.header("x-forwarded-for", *line));
        request.send().await.unwrap().headers()["x-ratelimit-remaining"].to_str().unwrap().to_owned()
    };
    assert_eq!(left(&["198.51.100.1"]).await, "4");
    assert_eq!(left(&["203.0.113.7, 198.51.100.1"]).await, "3");
    // Some proxies add a line of their own to those that the caller made up.
    assert_eq!(left(&["203.0.113.8", "198.51.100.1"]).await, "2");
    assert_eq!(left(&["203.0.113.8", "203.0.113.9, 198.51.100.1"]).await, "1");
    assert_eq!(left(&["198.51.100.1", "198.51.100.2"]).await, "4");
    server.stop().await;
}

#[tokio::test]
async fn methods_that_callers_make_up_are_one_series() {
    let server = TestServer::start().await;
    for method in ["BREW", "WHEN"] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        assert_eq!(server.anyone().request(method, "/v1/stores").send().await.unwrap().status(), 405);
    }
    let metrics = server.anyone().get("/metrics").await.expect(200);
    let metrics = metrics.as_str().unwrap();
    assert!(metrics.contains(r#"method="other",route="/v1/stores",status="405"} 2"#), "{metrics}");
    assert!(!metrics.contains("BREW"), "{metrics}");
    server.stop().await;
}

#[tokio::test]
async fn no_page_frames_an_answer_and_a_web_page_reads_the_name_of_a_file() {
    let server = TestServer::start().await;
    for path in ["/docs/", "/openapi.json", "/v1/stores", "/v1/nowhere"] {
        let answer = server.anyone().get(path).await;
        assert_eq!(answer.headers["content-security-policy"], "frame-ancestors 'none'", "{path}");
        let exposed = answer.headers["access-control-expose-headers"].to_str().unwrap();
        assert!(exposed.split(", ").any(|name| name == "Content-Disposition"), "{exposed}");
    }
    server.stop().await;
}

#[tokio::test]
async fn the_contract_and_its_docs_are_served_offline() {
    let server = TestServer::start().await;
    let contract = server.anyone().get("/openapi.json").await.expect(200);
    assert_eq!(contract["openapi"], "3.1.0");
    let docs = server.anyone().get("/docs/").await;
    assert_eq!(docs.status, 200);
    assert!(!docs.body.as_str().unwrap().contains("https://cdn"), "the docs load something from elsewhere");
    let status = server.anyone().get("/status").await;
    assert_eq!(
        (status.status, status.headers["content-type"].to_str().unwrap()),
        (200, "application/problem+json")
    );
    server.stop().await;
}

#[tokio::test]
async fn public_reads_are_revalidated() {
    let server = TestServer::start().await;
    let services = server.anyone().get("/v1/services?limit=1").await.expect(200);
    let path = format!("/v1/services/{}", services["items"][0]["id"].as_str().unwrap());
    let first = server.anyone().get(&path).await;
    assert_eq!(first.status, 200);
    let again = server.anyone().with("if-none-match", first.etag()).get(&path).await;
    assert_eq!(again.status, 304);
    server.stop().await;
}

#[tokio::test]
async fn a_change_needs_the_version_it_was_made_on() {
    let server = TestServer::start().await;
    let worker = server.role("worker").await;
    let household = worker.get("/v1/household").await;
    let facts = json!({"single_parent": true, "both_parents_working": false, "shift_work": true,
        "no_relatives_nearby": true, "woman_entrepreneur": false, "isee": "12000.00"});
    assert_eq!(worker.put("/v1/household", &facts).await.code(428), "precondition_required");
    let stale = worker.with("if-match", "\"999\"").put("/v1/household", &facts).await;
    assert_eq!(stale.code(412), "precondition_failed");
    let changed = worker.with("if-match", household.etag()).put("/v1/household", &facts).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let lost = worker.with("if-match", household.etag()).put("/v1/household", &facts).await;
    assert_eq!(lost.code(412), "precondition_failed");
    server.stop().await;
}
