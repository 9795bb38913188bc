//! The table of 2020 over HTTP: suggested, allocated by one officer, approved by another, public.

use calamine::{Data, Reader, Xlsx};
use concilia_kernel::new_id;
use concilia_tests::{TestDb, TestServer};
use diesel::sql_types::Text;
use diesel::{QueryableByName, sql_query};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use reqwest::Method;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Cursor;
use uuid::Uuid;

/// Requested grant and score of each project of 2020, and what it was assigned.
const REAL: [(&str, &str, &str); 7] = [
    ("20000.00", "60.00", "17400.00"),
    ("40000.00", "59.00", "34800.00"),
    ("40000.00", "57.00", "34800.00"),
    ("35000.00", "50.00", "23100.00"),
    ("40000.00", "47.00", "26400.00"),
    ("23000.00", "44.00", "15180.00"),
    ("40000.00", "29.00", "20038.40"),
];

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    value: String,
}

async fn value(db: &TestDb, sql: &str) -> String {
    let found: Found = sql_query(sql).get_result(&mut db.connect().await).await.expect("a row");
    found.value
}

/// A call of the real territory that is being evaluated, with the seven projects of 2020 scored.
async fn real_call(db: &TestDb) -> Uuid {
    let territory = value(db, "SELECT id::text AS value FROM territories WHERE code = 'ATS-VALPADANA'").await;
    let lead = format!("SELECT id::text AS value FROM organisations WHERE territory_id = '{territory}' LIMIT 1");
    let lead = value(db, &lead).await;
    let (plan, call) = (new_id(), new_id());
    let mut sql = format!(
        "INSERT INTO plans (id, territory_id, title, from_year, to_year, resources, local_alliances, system_actions, \
           address_document_act, address_document_date, expected_people, expected_companies) \
           VALUES ('{plan}', '{territory}', 'Plan', 2080, 2083, 214648.00, 171718.40, 42929.60, 'Act', '2020-01-01', 0, 0); \
         INSERT INTO project_calls (id, territory_id, plan_id, number, title, state, address_document_act, \
           address_document_date, budget, opens_at, closes_at, intervention_types, lead_kinds) \
           VALUES ('{call}', '{territory}', '{plan}', 900, 'Call', 'draft', 'Act', '2020-01-01', 171718.40, \
           '2020-02-01T00:00:00Z', '2020-05-01T00:00:00Z', ARRAY['a'], 'public_or_nonprofit'); \
         INSERT INTO evaluation_criteria (territory_id, project_call_id, position, code, title, maximum) \
           VALUES ('{territory}', '{call}', 1, 'innovation', 'Innovation', 100); \
         UPDATE project_calls SET state = 'evaluating' WHERE id = '{call}';"
    );
    for (at, (requested, score, _)) in REAL.iter().enumerate() {
        let (id, reference) = (new_id(), format!("900.{}", at + 1));
        let _ = write!(
            sql,
            "INSERT INTO projects (id, territory_id, reference, title, lead_organisation_id, starts_on, ends_on, state, \
               project_call_id, requested_grant, cost_staff, submitted_at) \
               VALUES ('{id}', '{territory}', '{reference}', 'Project', '{lead}', '2020-09-01', '2022-12-31', 'scored', \
               '{call}', {requested}, {requested}, '2020-04-01T00:00:00Z'); \
             INSERT INTO final_scores (id, territory_id, project_call_id, project_id, number, score, minutes_act, \
               minutes_date) \
               VALUES (uuid_v7(), '{territory}', '{call}', '{id}', 1, {score}, 'Minutes', '2020-07-01');"
        );
    }
    db.connect().await.batch_execute(&sql).await.expect("a call");
    call
}

fn terms(percentages: &[Value]) -> Value {
    let scores = ["55.00", "40.00", "0.00"];
    let band = |(score, share): (&str, &Value)| json!({"minimum_score": score, "percentage": share});
    let bands: Vec<Value> = scores.into_iter().zip(percentages).map(band).collect();
    json!({"method": "bands", "bands": bands, "residue": "last_band"})
}

#[tokio::test]
async fn the_real_table_comes_out_of_the_suggested_percentages() {
    let server = TestServer::start().await;
    let call = real_call(&server.db).await;
    let runs = format!("/v1/project-calls/{call}/allocations");
    let (author, approver) = (server.nth("ats", 0, 0).await, server.nth("ats", 0, 1).await);

    let first = terms(&[json!("0.90"), json!("0.70"), json!("0.50")]);
    let refused = author.post(&runs, &first).await;
    assert_eq!(refused.code(422), "validation_failed");
    assert_eq!(refused.body["errors"][0]["value"], "6881.60");

    let mut start = first.clone();
    start.as_object_mut().unwrap().remove("residue");
    let suggested = author.post(&format!("{runs}/suggest"), &start).await.expect(200);
    let percentages = suggested["items"][0]["percentages"].as_array().unwrap().clone();
    let run = author.post(&runs, &terms(&percentages)).await.expect(201);
    let run = format!("/v1/allocations/{}", run["id"].as_str().unwrap());

    let act = json!({"act": "Decreto n. 452", "act_date": "2020-07-24"});
    assert_eq!(author.post(&format!("{run}/approve"), &act).await.code(409), "approver_is_author");
    approver.post(&format!("{run}/approve"), &act).await.expect(200);

    let awards = server.anyone().get(&format!("/v1/project-calls/{call}/awards")).await.expect(200);
    let items = awards["items"].as_array().unwrap();
    let assigned: Vec<&str> = items.iter().map(|item| item["assigned_grant"].as_str().unwrap()).collect();
    assert_eq!(assigned, REAL.map(|row| row.2));

    // After the award, too, and when grants have been accepted, other terms are computed and shown not to fit.
    let accepted = format!("UPDATE projects SET state = 'accepted' WHERE project_call_id = '{call}'");
    server.db.connect().await.batch_execute(&accepted).await.unwrap();
    let simulated = author.post(&format!("{runs}/simulate"), &first).await.expect(200);
    assert_eq!(
        (&simulated["fits"], &simulated["over_by"], simulated["rows"].as_array().map(Vec::len)),
        (&json!(false), &json!("6881.60"), Some(7))
    );
    assert_eq!(author.post(&format!("{runs}/suggest"), &start).await.expect(200), suggested);
    assert_eq!(author.post(&runs, &terms(&percentages)).await.code(409), "conflict");

    let paper = approver.request(Method::GET, &format!("{run}/pdf")).send().await.unwrap();
    assert_eq!(
        (paper.status().as_u16(), &paper.headers()["content-type"]),
        (200, &"application/pdf".parse().unwrap())
    );
    assert!(paper.bytes().await.unwrap().starts_with(b"%PDF-"));
    let book = approver.request(Method::GET, &format!("{run}/xlsx")).send().await.unwrap();
    let book = book.bytes().await.unwrap();
    let table = Xlsx::new(Cursor::new(&*book)).unwrap().worksheet_range("Riparto").unwrap();
    for (_, _, assigned) in REAL {
        let assigned: f64 = assigned.parse().unwrap();
        assert!(table.used_cells().any(|(_, _, cell)| *cell == Data::Float(assigned)), "{assigned}");
    }

    let english = approver.with("Accept-Language", "en").get(&format!("{run}/explanation")).await.expect(200);
    let text = english["items"][6]["text"].as_array().unwrap();
    assert_eq!(text.last().unwrap(), "Grant assigned: EUR 20,038.40.");
    server.stop().await;
}
