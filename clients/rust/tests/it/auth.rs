use crate::server::{Answer, Asked, Server, empty_page, problem, tokens};
use concilia_client::{Concilia, Error, Retry};
use futures_util::future::join_all;

async fn worker(server: &Server) -> Concilia {
    let builder = Concilia::builder(&server.url).password("a@example.org", "secret").accept_language("en");
    builder.connect().await.unwrap()
}

/// Logs in with token 0, refreshes to tokens 1, 2, ...; accepts the tokens that `good` does.
async fn identity(seconds: u32, good: fn(&str) -> bool) -> Server {
    Server::start(move |asked: &Asked, before| match asked.path.as_str() {
        "/v1/sessions" => tokens(before * 100, seconds),
        "/oauth/token" => tokens(before + 1, 600),
        _ if good(asked.header("authorization")) => empty_page(),
        _ => problem(401, "invalid_token"),
    })
    .await
}

#[tokio::test]
async fn one_log_in_serves_all_calls() {
    let server = identity(600, |token| token == "Bearer access-0").await;
    let concilia = worker(&server).await;
    for outcome in join_all((0..10).map(|_| concilia.list_services().send())).await {
        outcome.unwrap();
    }
    assert_eq!(server.asked("/v1/sessions").len(), 1);
    assert_eq!(server.asked("/v1/services")[0].header("accept-language"), "en");
}

#[tokio::test]
async fn calls_refused_together_share_one_refresh() {
    let server = identity(600, |token| token == "Bearer access-1").await;
    let concilia = worker(&server).await;
    for outcome in join_all((0..10).map(|_| concilia.list_services().send())).await {
        outcome.unwrap();
    }
    let refreshes = server.asked("/oauth/token");
    assert_eq!(refreshes.len(), 1);
    assert_eq!(refreshes[0].body, "grant_type=refresh_token&refresh_token=refresh-0");
}

#[tokio::test]
async fn a_token_about_to_expire_is_renewed_before_the_call() {
    let server = identity(0, |token| token == "Bearer access-1").await;
    let concilia = worker(&server).await;
    concilia.list_services().send().await.unwrap();
    assert_eq!(server.asked("/v1/services").len(), 1);
    assert_eq!(server.asked("/oauth/token").len(), 1);
}

#[tokio::test]
async fn a_spent_refresh_token_leads_back_to_the_log_in() {
    let server = Server::start(|asked, before| match asked.path.as_str() {
        "/v1/sessions" => tokens(before, 0),
        "/oauth/token" => problem(400, "invalid_grant"),
        _ => empty_page(),
    })
    .await;
    let concilia = worker(&server).await;
    concilia.list_services().send().await.unwrap();
    assert_eq!(server.asked("/v1/sessions").len(), 2);
    assert_eq!(server.asked("/v1/services")[0].header("authorization"), "Bearer access-1");
}

#[tokio::test]
async fn a_machine_sends_its_client_credentials() {
    let server = Server::start(|asked, _| match asked.path.as_str() {
        "/oauth/token" => Answer::Json(200, r#"{"access_token":"m","expires_in":60}"#.to_owned()),
        _ => empty_page(),
    })
    .await;
    let concilia = Concilia::builder(&server.url).client_credentials("hr", "s&cret").connect().await.unwrap();
    concilia.list_services().send().await.unwrap();
    let asked = server.asked("/oauth/token");
    assert_eq!(asked[0].body, "grant_type=client_credentials&client_id=hr&client_secret=s%26cret");
    assert_eq!(server.asked("/v1/services")[0].header("authorization"), "Bearer m");
}

#[tokio::test]
async fn a_wrong_password_is_a_typed_refusal() {
    let server = Server::start(|_, _| problem(401, "invalid_credentials")).await;
    let outcome = Concilia::builder(&server.url).password("a@example.org", "wrong").connect().await;
    let error = outcome.unwrap_err();
    assert_eq!((error.code(), error.status().unwrap().as_u16()), (Some("invalid_credentials"), 401));
    assert_eq!(error.refusal().unwrap().errors[0].pointer.as_deref(), Some("/email"));
    assert_eq!(server.asked("/v1/sessions").len(), 1);
}

#[tokio::test]
async fn a_bearer_token_is_used_as_it_is() {
    let server = identity(600, |_| false).await;
    let concilia = Concilia::builder(&server.url).bearer("forged").retry(Retry::never()).connect().await.unwrap();
    let error = Error::from(concilia.list_services().send().await.unwrap_err());
    assert_eq!(error.code(), Some("invalid_token"));
    assert_eq!(server.asked("/v1/services").len(), 1);
}
