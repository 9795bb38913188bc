use crate::server::{Answer, Server, empty_page, problem, problem_body};
use concilia_client::{Concilia, Error, Retry, upload};
use std::time::{Duration, Instant};

const IMPORT: &str = "/v1/employers/00000000-0000-0000-0000-000000000000/employee-imports/ndjson";

async fn patient(server: &Server) -> Concilia {
    let retry = Retry { first_wait: Duration::from_millis(1), ..Retry::default() };
    Concilia::builder(&server.url).retry(retry).connect().await.unwrap()
}

fn come_back(status: u16, seconds: &'static [(&'static str, &'static str)]) -> Answer {
    Answer::With(status, seconds, problem_body(status, "unavailable"))
}

#[tokio::test]
async fn a_read_is_repeated_until_the_server_is_back() {
    let server = Server::start(|_, before| match before {
        0 => come_back(503, &[("retry-after", "0")]),
        1 => Answer::HangUp,
        2 => come_back(429, &[]),
        _ => empty_page(),
    })
    .await;
    patient(&server).await.list_services().send().await.unwrap();
    assert_eq!(server.asked("/v1/services").len(), 4);
}

#[tokio::test]
async fn the_wait_that_the_server_asks_for_is_honoured() {
    let server = Server::start(|_, before| match before {
        0 => come_back(429, &[("retry-after", "1")]),
        _ => empty_page(),
    })
    .await;
    let start = Instant::now();
    patient(&server).await.list_services().send().await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_wait_beyond_patience_is_left_to_the_caller() {
    let server = Server::start(|_, _| come_back(429, &[("retry-after", "3600")])).await;
    let error = Error::from(patient(&server).await.list_services().send().await.unwrap_err());
    assert_eq!(error.refusal().unwrap().retry_after, Some(Duration::from_hours(1)));
    assert_eq!(server.asked("/v1/services").len(), 1);
}

#[tokio::test]
async fn an_idempotent_post_is_repeated_with_the_same_key() {
    let server = Server::start(|_, before| match before {
        0 => Answer::HangUp,
        1 => come_back(503, &[]),
        _ => problem(422, "validation_failed"),
    })
    .await;
    let concilia = patient(&server).await;
    let outcome =
        concilia.create_employee_import_ndjson().employer_id(uuid::Uuid::nil()).body("{}\n").send().await;
    assert_eq!(Error::from(outcome.unwrap_err()).code(), Some("validation_failed"));
    let asked = server.asked(IMPORT);
    assert_eq!(asked.len(), 3);
    let key = asked[0].header("idempotency-key");
    assert_eq!(uuid::Uuid::parse_str(key).unwrap().get_version_num(), 7);
    assert!(asked.iter().all(|request| request.header("idempotency-key") == key && request.body == "{}\n"));
}

#[tokio::test]
async fn another_intention_gets_another_key_and_the_callers_own_is_kept() {
    let server = Server::start(|_, _| problem(422, "validation_failed")).await;
    let concilia = patient(&server).await;
    for _ in 0..2 {
        concilia.create_employee_import_ndjson().employer_id(uuid::Uuid::nil()).body("").send().await.unwrap_err();
    }
    concilia
        .create_employee_import_ndjson()
        .employer_id(uuid::Uuid::nil())
        .idempotency_key("mine")
        .body("")
        .send()
        .await
        .unwrap_err();
    let asked = server.asked(IMPORT);
    assert_ne!(asked[0].header("idempotency-key"), asked[1].header("idempotency-key"));
    assert_eq!(asked[2].header("idempotency-key"), "mine");
}

#[tokio::test]
async fn a_post_without_a_key_and_a_streamed_body_are_sent_once() {
    let server = Server::start(|_, _| come_back(503, &[])).await;
    let concilia = patient(&server).await;
    let login = concilia.create_session().body_map(|body| body.email("a@example.org").password("secret"));
    login.send().await.unwrap_err();
    assert_eq!(server.asked("/v1/sessions").len(), 1);
    let body = upload::reader(&b"{}\n"[..]);
    concilia.create_employee_import_ndjson().employer_id(uuid::Uuid::nil()).body(body).send().await.unwrap_err();
    assert_eq!(server.asked(IMPORT).len(), 1);
}
