//! Pushes of employees: good rows in, bad rows named, repeats harmless, the missing ended, the cut off gone.

use chrono::NaiveDate;
use concilia_kernel::identifiers::{Sex, TaxCode};
use concilia_tests::{Answer, Caller, TestServer};
use futures_util::{StreamExt, stream};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

/// A machine client of an employer with the path of its employees.
async fn employer(server: &TestServer, territory: usize) -> (Caller, String) {
    let name = server.territories()[territory].clone();
    let client = server
        .machine_clients()
        .iter()
        .find(|c| c["role"] == "employer" && c["territory"] == name.as_str())
        .expect("an employer's client")
        .clone();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client["client_id"].as_str().unwrap()),
        ("client_secret", client["client_secret"].as_str().unwrap()),
    ];
    let token = server.anyone().request(Method::POST, "/oauth/token").form(&form).send().await.unwrap();
    let token = Answer::of(token).await.expect(200);
    let caller = server.anyone().with_token(token["access_token"].as_str().unwrap());
    (caller, format!("/v1/employers/{}", client["organisation_id"].as_str().unwrap()))
}

fn person(number: u32) -> Value {
    let birth = NaiveDate::from_ymd_opt(1980, 1, 1).unwrap() + chrono::Days::new(number.into());
    let code = TaxCode::compute("Bianchi", "Paola", birth, Sex::Female, "F205".parse().unwrap()).unwrap();
    json!({"external_id": format!("T{number}"), "tax_code": code.as_str(), "given_name": "Paola", "family_name": "Bianchi",
        "employed_from": "2020-01-01", "contract_type": "permanent", "shift_worker": number.is_multiple_of(2)})
}

fn lines(rows: &[Value]) -> String {
    rows.iter().map(Value::to_string).collect::<Vec<_>>().join("\n") + "\n"
}

async fn push(caller: &Caller, employer: &str, mode: &str, body: String) -> Answer {
    let path = format!("{employer}/employee-imports/ndjson?mode={mode}");
    let request = caller.request(Method::POST, &path).header("content-type", "application/x-ndjson").body(body);
    Answer::of(request.send().await.unwrap()).await
}

async fn finished(caller: &Caller, job: &Value) -> Value {
    for _ in 0..600 {
        let job = caller.get(&format!("/v1/jobs/{}", job["id"].as_str().unwrap())).await.expect(200);
        if !["receiving", "queued", "running"].contains(&job["state"].as_str().unwrap()) {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the job does not end");
}

async fn done(caller: &Caller, employer: &str, mode: &str, rows: &[Value]) -> Value {
    let job = push(caller, employer, mode, lines(rows)).await.expect(202);
    let job = finished(caller, &job).await;
    assert_eq!(job["state"], "succeeded", "{job}");
    job
}

#[tokio::test]
async fn bad_rows_are_named_and_never_stop_the_good_ones() {
    let server = TestServer::start().await;
    let (caller, employer) = employer(&server, 1).await;
    let mut rows: Vec<Value> = (0..300).map(person).collect();
    rows[6]["tax_code"] = json!("RSSMRA80A01H501A");
    rows[10]["employed_from"] = json!("2020-02-31");
    rows[20].as_object_mut().unwrap().remove("family_name");
    let body = format!("{}{{not json\n", lines(&rows));
    let job = push(&caller, &employer, "partial", body).await.expect(202);
    let job = finished(&caller, &job).await;
    assert_eq!((&job["result"]["created"], &job["rows_in_error"]), (&json!(297), &json!(4)), "{job}");
    let errors = caller.get(&format!("/v1/jobs/{}/errors", job["id"].as_str().unwrap())).await.expect(200);
    let found: Vec<(i64, &str)> = errors["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["line"].as_i64().unwrap(), e["field"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(found, [(7, "tax_code"), (11, "employed_from"), (21, "family_name"), (301, "")]);
    assert!(!errors.to_string().contains("RSSMRA"), "a tax code is echoed");
    server.stop().await;
}

#[tokio::test]
async fn the_same_push_twice_changes_nothing_and_a_full_push_ends_the_missing() {
    let server = TestServer::start().await;
    let (caller, employer) = employer(&server, 1).await;
    let rows: Vec<Value> = (0..50).map(person).collect();
    assert_eq!(done(&caller, &employer, "partial", &rows).await["result"]["created"], 50);
    let again = done(&caller, &employer, "partial", &rows).await;
    assert_eq!((&again["result"]["unchanged"], &again["result"]["updated"]), (&json!(50), &json!(0)));
    let full = done(&caller, &employer, "full", &rows[..40]).await;
    assert!(full["result"]["ended"].as_i64().unwrap() >= 10, "{full}");
    let missing = caller.get(&format!("{employer}/employees/T45")).await.expect(200);
    assert!(missing["employed_to"].is_string(), "{missing}");
    let present = caller.get(&format!("{employer}/employees/T5")).await.expect(200);
    assert!(present["employed_to"].is_null(), "{present}");
    server.stop().await;
}

#[tokio::test]
async fn twenty_parallel_pushes_with_one_key_are_one_job() {
    let server = TestServer::start().await;
    let (caller, employer) = employer(&server, 1).await;
    let caller = caller.with("idempotency-key", "push-1");
    let body = lines(&(0..30).map(person).collect::<Vec<_>>());
    let answers =
        futures_util::future::join_all((0..20).map(|_| push(&caller, &employer, "partial", body.clone()))).await;
    let mut jobs: Vec<&str> =
        answers.iter().filter(|a| a.status == 202).map(|a| a.body["id"].as_str().unwrap()).collect();
    assert!(answers.iter().all(|a| a.status == 202 || a.code(409) == "idempotency_key_in_use"));
    jobs.sort_unstable();
    jobs.dedup();
    assert_eq!(jobs.len(), 1);
    let other = push(&caller, &employer, "partial", lines(&[person(99)])).await;
    assert_eq!(other.code(422), "idempotency_key_reused");
    server.stop().await;
}

#[tokio::test]
async fn a_sender_that_is_cut_off_leaves_no_row() {
    let server = TestServer::start().await;
    let (caller, employer) = employer(&server, 1).await;
    let whole = lines(&(500..600).map(person).collect::<Vec<_>>());
    let cut = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        Err(std::io::Error::new(std::io::ErrorKind::BrokenPipe, "cut off"))
    };
    let pieces = stream::once(async { Ok(whole) }).chain(stream::once(cut));
    let path = format!("{employer}/employee-imports/ndjson");
    let request = caller
        .request(Method::POST, &path)
        .header("content-type", "application/x-ndjson")
        .body(reqwest::Body::wrap_stream(pieces));
    assert!(request.send().await.is_err());
    for _ in 0..100 {
        let jobs = caller.get("/v1/jobs").await.expect(200);
        if jobs["items"][0]["state"] == "aborted" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(caller.get("/v1/jobs").await.expect(200)["items"][0]["state"], "aborted");
    assert_eq!(caller.get(&format!("{employer}/employees/T500")).await.code(404), "not_found");
    server.stop().await;
}

#[tokio::test]
async fn an_employer_pushes_only_its_own() {
    let server = TestServer::start().await;
    let (caller, _) = employer(&server, 1).await;
    let (_, elsewhere) = employer(&server, 0).await;
    let answer = push(&caller, &elsewhere, "partial", lines(&[person(1)])).await;
    assert_eq!(answer.code(404), "not_found");
    assert_eq!(
        push(&server.role("worker").await, &elsewhere, "partial", String::new()).await.code(403),
        "forbidden"
    );
    server.stop().await;
}
