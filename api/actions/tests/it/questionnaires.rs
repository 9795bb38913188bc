//! Questionnaires: who may answer, once; what is shown, and what is kept.

use crate::scratch::{Answer, Scratch, with_scratch};
use concilia_kernel::{Actor, Role, new_id};
use diesel::sql_types::Text;
use diesel::{QueryableByName, sql_query};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use uuid::Uuid;

fn content(organisation_id: Uuid) -> Value {
    json!({
        "organisation_id": organisation_id, "audience": "workers", "title": "Quanto ti ha aiutato?", "description": "Anonimo.",
        "questions": [
            {"kind": "rating", "question": "Soddisfazione", "options": [], "required": true},
            {"kind": "multiple_choice", "question": "Che cosa", "options": ["Voucher", "Orari", "Corsi"], "required": false},
            {"kind": "free_text", "question": "Altro", "options": [], "required": false}],
    })
}

/// An open questionnaire of the agency.
async fn open(scratch: &Scratch, change: impl FnOnce(&mut Value)) -> Uuid {
    let ats = scratch.ats();
    let mut content = content(scratch.agency_id);
    change(&mut content);
    let made = scratch.post(&ats, "/v1/questionnaires", content).await;
    assert_eq!(made.status, 201, "{}", made.body);
    scratch.act(&ats, &format!("/v1/questionnaires/{}/open", made.id())).await.expect(200);
    made.id()
}

async fn take(scratch: &Scratch, actor: Option<&Actor>, id: Uuid, body: Value) -> Answer {
    scratch
        .call(actor, actix_web::http::Method::POST, &format!("/v1/questionnaires/{id}/tokens"), Some(body), &[])
        .await
}

async fn give(scratch: &Scratch, id: Uuid, token: &Value, answers: Value) -> Answer {
    let body = json!({"token": token, "answers": answers});
    scratch
        .call(None, actix_web::http::Method::POST, &format!("/v1/questionnaires/{id}/answers"), Some(body), &[])
        .await
}

/// A new worker answers.
async fn answer(scratch: &Scratch, id: Uuid, answers: Value) {
    let token = take(scratch, Some(&scratch.worker()), id, json!({})).await.expect(201)["token"].clone();
    give(scratch, id, &token, answers).await.expect(204);
}

fn rating(rating: i64) -> Value {
    json!([{"question": 1, "rating": rating}])
}

async fn results(scratch: &Scratch, id: Uuid) -> Answer {
    scratch.get(Some(&scratch.ats()), &format!("/v1/questionnaires/{id}/results")).await
}

#[test]
fn a_questionnaire_is_written_opened_frozen_and_closed() {
    with_scratch(async |scratch| {
        let lead = scratch.actor(Role::AllianceLead, scratch.lead_id);
        let foreign = scratch.post(&lead, "/v1/questionnaires", content(scratch.agency_id)).await;
        assert_eq!((foreign.status, foreign.fault()), (422, ("/organisation_id", "not_found")));
        let made = scratch.post(&lead, "/v1/questionnaires", content(scratch.lead_id)).await;
        assert_eq!((made.status, made.etag.as_deref()), (201, Some("\"1\"")), "{}", made.body);
        let path = format!("/v1/questionnaires/{}", made.id());
        let other = scratch.actor(Role::AllianceLead, new_id());
        for hidden in [None, Some(&other), Some(&scratch.worker()), Some(&scratch.stranger(Role::Ats))] {
            assert_eq!(scratch.get(hidden, &path).await.status, 404, "a draft is its author's");
        }
        assert_eq!(scratch.get(Some(&scratch.ats()), &path).await.status, 200);
        let mut shorter = content(scratch.lead_id);
        shorter["questions"] = json!([shorter["questions"][0]]);
        let changed = scratch.put(&lead, &path, "\"1\"", shorter.clone()).await.expect(200);
        assert_eq!(changed["questions"].as_array().map(Vec::len), Some(1));
        assert_eq!(scratch.act(&other, &format!("{path}/open")).await.status, 404);
        assert_eq!(scratch.act(&lead, &format!("{path}/open")).await.expect(200)["state"], "open");
        assert_eq!(scratch.put(&lead, &path, "\"3\"", shorter).await.code(), (409, "transition_not_allowed"));
        let forced = "UPDATE questionnaire_questions SET question = 'Altra domanda'";
        assert!(scratch.try_sql(forced).await.unwrap_err().contains("frozen"));
        assert_eq!(scratch.get(None, &path).await.expect(200)["link"], json!(null));
        let listed = scratch.get(Some(&scratch.worker()), "/v1/questionnaires").await.expect(200);
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));

        let closed = scratch.act(&lead, &format!("{path}/close")).await.expect(200);
        assert_eq!(closed["closed_on"], json!(concilia_kernel::now().date_naive()));
        assert_eq!(scratch.get(None, &path).await.status, 404);
        assert_eq!(take(&scratch, Some(&scratch.worker()), made.id(), json!({})).await.code(), (409, "conflict"));
    });
}

#[test]
fn each_worker_answers_once_and_nothing_ties_the_answer_to_them() {
    with_scratch(async |scratch| {
        let id = open(&scratch, |_| ()).await;
        let worker = scratch.worker();
        for other in [None, Some(scratch.ats()), Some(scratch.stranger(Role::Worker))] {
            assert_eq!(take(&scratch, other.as_ref(), id, json!({})).await.code(), (422, "not_eligible"));
        }
        let at_once =
            futures_util::future::join_all((0..10).map(|_| take(&scratch, Some(&worker), id, json!({})))).await;
        let mut taken = at_once.into_iter().filter(|answer| answer.status == 201);
        let token = taken.next().expect("a token").body["token"].clone();
        assert!(taken.next().is_none(), "one each");
        assert_eq!(take(&scratch, Some(&worker), id, json!({})).await.code(), (409, "already_exists"));

        let elsewhere = open(&scratch, |_| ()).await;
        assert_eq!(give(&scratch, elsewhere, &token, rating(5)).await.fault(), ("/token", "token_invalid"));
        let made_up = json!("A".repeat(43));
        assert_eq!(give(&scratch, id, &made_up, rating(5)).await.fault(), ("/token", "token_invalid"));
        let wrong = give(&scratch, id, &token, json!([{"question": 2, "options": [4]}])).await;
        assert_eq!((wrong.status, wrong.fault()), (422, ("/answers/0/options", "range")), "{}", wrong.body);
        let given = json!([{"question": 1, "rating": 5}, {"question": 2, "options": [1, 3]}, {"question": 3, "text": "Tutto bene"}]);
        let at_once =
            futures_util::future::join_all((0..10).map(|_| give(&scratch, id, &token, given.clone()))).await;
        assert_eq!(at_once.iter().filter(|answer| answer.status == 204).count(), 1, "a token is spent once");
        assert!(at_once.iter().filter(|a| a.status != 204).all(|a| a.code() == (409, "already_exists")));

        // Neither the account nor an instant stands anywhere near the answer, and its identifier is random.
        let kept = kept(&scratch).await;
        assert!(kept.contains("Tutto bene"), "there is something to search");
        assert!(!kept.contains(&worker.id.to_string()) && !kept.contains(&worker.id.simple().to_string()));
        assert!(!kept.contains(token.as_str().unwrap()));
        let year = concilia_kernel::now().format("%Y-").to_string();
        assert!(!kept.contains(&year), "{kept}");
        assert_eq!(answer_version(&scratch).await, "4");
        let forced = scratch.try_sql("UPDATE questionnaire_answer_values SET rating = 1 WHERE rating = 5").await;
        assert!(forced.unwrap_err().contains("append-only"));
    });
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    row: String,
}

/// What is kept of tokens and answers, and of what was done and told about questionnaires.
async fn kept(scratch: &Scratch) -> String {
    let rows: Vec<Row> = sql_query(
        "SELECT t::text AS row FROM questionnaire_takers t UNION ALL SELECT t::text FROM questionnaire_spent_tokens t \
         UNION ALL SELECT t::text FROM questionnaire_answers t UNION ALL SELECT t::text FROM questionnaire_answer_values t \
         UNION ALL SELECT t::text FROM idempotency_keys t",
    )
    .load(&mut scratch.connect().await)
    .await
    .unwrap();
    rows.into_iter().map(|row| row.row).collect::<Vec<_>>().join("\n")
}

/// Version of the identifiers of answers.
async fn answer_version(scratch: &Scratch) -> String {
    let rows: Vec<Row> = sql_query("SELECT DISTINCT substr(id::text, 15, 1) AS row FROM questionnaire_answers")
        .load(&mut scratch.connect().await)
        .await
        .unwrap();
    rows.into_iter().map(|row| row.row).collect()
}

#[test]
fn results_begin_at_five_and_move_by_fives() {
    with_scratch(async |scratch| {
        let id = open(&scratch, |_| ()).await;
        for _ in 0..4 {
            answer(&scratch, id, rating(5)).await;
        }
        let few = results(&scratch, id).await;
        assert_eq!(few.code(), (409, "too_few_answers"));
        assert_eq!(
            (&few.body["errors"], &few.body["detail"]),
            (&json!([]), &few.body["title"]),
            "nothing but the fact"
        );
        answer(&scratch, id, json!([{"question": 1, "rating": 2}, {"question": 3, "text": "Meglio prima"}])).await;
        let first = results(&scratch, id).await.expect(200);
        assert_eq!((&first["answers"], &first["satisfaction"]["share"]), (&json!(5), &json!("0.80")));
        assert_eq!(first["satisfaction"]["is_reached"], true);
        assert_eq!(first["questions"][0]["ratings"], json!([0, 1, 0, 0, 4]));
        let suppressed = &first["questions"][2];
        assert_eq!(
            (&suppressed["answers"], &suppressed["texts"]),
            (&json!(null), &json!(null)),
            "one text is nobody's"
        );

        // Four more say nothing, neither now nor when it is closed: they would stand alone.
        for _ in 0..4 {
            answer(&scratch, id, rating(1)).await;
        }
        assert_eq!(results(&scratch, id).await.expect(200)["questions"], first["questions"]);
        scratch.act(&scratch.ats(), &format!("/v1/questionnaires/{id}/close")).await.expect(200);
        assert_eq!(results(&scratch, id).await.expect(200)["answers"], 5);

        // Whoever waited for the end sees all of them.
        let patient = open(&scratch, |_| ()).await;
        for nth in 1..=9 {
            let text = format!("Testo {nth}");
            let given = json!([{"question": 1, "rating": 4}, {"question": 2, "options": [1, 2]}, {"question": 3, "text": text}]);
            answer(&scratch, patient, given).await;
        }
        scratch.act(&scratch.ats(), &format!("/v1/questionnaires/{patient}/close")).await.expect(200);
        let all = results(&scratch, patient).await.expect(200);
        assert_eq!((&all["answers"], &all["questions"][1]["options"][1]["count"]), (&json!(9), &json!(9)));
        assert_eq!(all["questions"][1]["options"][2]["count"], 0);
        let mut texts: Vec<_> =
            all["questions"][2]["texts"].as_array().unwrap().iter().map(Value::to_string).collect();
        let shuffled = texts.clone();
        texts.sort();
        assert_eq!(texts.len(), 9);
        let mut differ = shuffled != texts;
        for _ in 0..5 {
            let again = results(&scratch, patient).await.expect(200)["questions"][2]["texts"].clone();
            differ |= again.as_array().unwrap().iter().map(Value::to_string).collect::<Vec<_>>() != shuffled;
        }
        assert!(differ, "in no order");

        let lead = scratch.actor(Role::AllianceLead, scratch.lead_id);
        for hidden in [lead, scratch.stranger(Role::Ats)] {
            let path = format!("/v1/questionnaires/{patient}/results");
            assert_eq!(scratch.get(Some(&hidden), &path).await.status, 404);
        }
    });
}

#[test]
fn the_public_link_and_the_places_of_an_event_open_their_questionnaires() {
    with_scratch(async |scratch| {
        let id = open(&scratch, |it| it["audience"] = json!("public_link")).await;
        let shown = scratch.get(Some(&scratch.ats()), &format!("/v1/questionnaires/{id}")).await.expect(200);
        let link = shown["link"].as_str().expect("a link");
        assert_eq!(take(&scratch, None, id, json!({})).await.fault(), ("/link", "not_found"));
        assert_eq!(
            take(&scratch, None, id, json!({"link": "A".repeat(22)})).await.fault(),
            ("/link", "not_found")
        );
        for _ in 0..2 {
            let token = take(&scratch, None, id, json!({"link": link})).await.expect(201)["token"].clone();
            give(&scratch, id, &token, rating(3)).await.expect(204);
        }
        let listed = scratch.get(Some(&scratch.worker()), "/v1/questionnaires").await.expect(200);
        assert_eq!(listed["items"], json!([]), "the link is the way in");

        let event = scratch.published_event(|event| event["capacity"] = json!(1)).await;
        let id = open(&scratch, |it| {
            it["audience"] = json!("event_participants");
            it["event_id"] = json!(event);
        })
        .await;
        let (worker, late) = (scratch.worker(), scratch.worker());
        let place = scratch.sign_up(&worker, event).await.expect(201)["items"][0]["id"].clone();
        let waiting = scratch.sign_up(&late, event).await.expect(201)["items"][0]["id"].clone();
        let refused = ("/sign_up_id", "not_found");
        assert_eq!(take(&scratch, Some(&late), id, json!({"sign_up_id": waiting})).await.fault(), refused);
        assert_eq!(take(&scratch, Some(&late), id, json!({"sign_up_id": place})).await.fault(), refused);
        let ats = scratch.ats();
        assert_eq!(
            take(&scratch, Some(&ats), id, json!({"sign_up_id": place})).await.fault(),
            refused,
            "not for others"
        );
        assert_eq!(take(&scratch, None, id, json!({"sign_up_id": place})).await.code(), (422, "not_eligible"));
        let body = json!({"sign_up_id": place});
        take(&scratch, Some(&worker), id, body.clone()).await.expect(201);
        assert_eq!(take(&scratch, Some(&worker), id, body).await.code(), (409, "already_exists"));
        let lead = scratch.actor(Role::AllianceLead, scratch.lead_id);
        let mut theirs = content(scratch.lead_id);
        theirs["audience"] = json!("event_participants");
        theirs["event_id"] = json!(event);
        assert_eq!(scratch.post(&lead, "/v1/questionnaires", theirs).await.fault(), ("/event_id", "not_found"));
    });
}
