use crate::server::{Answer, Server, problem};
use concilia_client::{Concilia, Conditional, Error, upload};
use futures_util::stream;
use serde_json::json;

async fn anyone(server: &Server) -> Concilia {
    Concilia::builder(&server.url).connect().await.unwrap()
}

#[tokio::test]
async fn rows_are_sent_as_lines_with_their_media_type() {
    let server = Server::start(|_, _| problem(422, "validation_failed")).await;
    let concilia = anyone(&server).await;
    let rows = stream::iter((1..=3).map(|row| json!({ "row": row })));
    concilia
        .create_employee_import_ndjson()
        .employer_id(uuid::Uuid::nil())
        .body(upload::ndjson(rows))
        .send()
        .await
        .unwrap_err();
    concilia
        .create_employee_import_csv()
        .employer_id(uuid::Uuid::nil())
        .body(upload::reader(&b"tax_code\n"[..]))
        .send()
        .await
        .unwrap_err();
    let ndjson = &server.asked("/v1/employers/00000000-0000-0000-0000-000000000000/employee-imports/ndjson")[0];
    assert_eq!(ndjson.body, "{\"row\":1}\n{\"row\":2}\n{\"row\":3}\n");
    assert_eq!(ndjson.header("content-type"), "application/x-ndjson");
    let csv = &server.asked("/v1/employers/00000000-0000-0000-0000-000000000000/employee-imports/csv")[0];
    assert_eq!(
        (csv.method.as_str(), csv.header("content-type"), csv.body.as_str()),
        ("POST", "text/csv", "tax_code\n")
    );
}

#[tokio::test]
async fn a_copy_that_is_still_good_is_not_an_error() {
    let server = Server::start(|asked, _| {
        assert_eq!(asked.header("if-none-match"), "\"7\"");
        Answer::With(304, &[("etag", "\"7\"")], String::new())
    })
    .await;
    let outcome =
        anyone(&server).await.get_service().service_id(uuid::Uuid::nil()).if_none_match("\"7\"").send().await;
    assert!(outcome.unless_held().unwrap().is_none());
}

#[tokio::test]
async fn an_answer_of_another_server_is_told_apart() {
    let server = Server::start(|_, _| Answer::Json(404, "<html>".to_owned())).await;
    let error = Error::from(anyone(&server).await.list_services().send().await.unwrap_err());
    assert!(matches!(error, Error::NotUnderstood { .. }), "{error}");
}
