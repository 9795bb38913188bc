//! The agency's own year, over HTTP: an action with its money, an event, a questionnaire.

use chrono::{Duration, Utc};
use concilia_kernel::new_id;
use concilia_tests::{Caller, TestServer};
use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

/// Organisation of the first account with a role in the real territory.
fn organisation(server: &TestServer, role: &str) -> String {
    let territory = server.territories()[0].clone();
    let mut accounts = server.accounts().iter();
    let account = accounts.find(|a| a["role"] == role && a["territory"] == territory.as_str());
    text(&account.expect("an account")["organisation_id"])
}

/// A plan of the real territory for years that no other plan has, with EUR 1,000 for its actions.
async fn plan(server: &TestServer) -> String {
    let id = new_id();
    let sql = format!(
        "INSERT INTO plans (id, territory_id, title, from_year, to_year, resources, local_alliances, system_actions, \
           address_document_act, address_document_date, expected_people, expected_companies) \
         SELECT '{id}', territory_id, 'Piano di prova', 2090, 2093, 5000, 4000, 1000, 'Decreto n. 1', '2020-01-01', 10, 1 \
           FROM organisations WHERE id = '{}'",
        organisation(server, "ats")
    );
    server.db.connect().await.batch_execute(&sql).await.expect("a plan");
    id.to_string()
}

async fn running_action(server: &TestServer, ats: &Caller) -> String {
    let content = json!({"plan_id": plan(server).await, "kind": "system", "title": "Formazione", "description": "Corsi.",
        "intervention_types": ["d"], "budget": "1000.00"});
    let action = text(&ats.post("/v1/actions", &content).await.expect(201)["id"]);
    ats.act(&format!("/v1/actions/{action}/start")).await.expect(200);
    action
}

#[tokio::test]
async fn an_action_pays_by_two_officers_and_nobody_else_sees_its_books() {
    let server = TestServer::start().await;
    let (one, two) = (server.role("ats").await, server.nth("ats", 0, 1).await);
    let action = running_action(&server, &one).await;
    let payments = format!("/v1/actions/{action}/payments");
    let payment = json!({"payee": "Studio S.r.l.", "document": "Fattura 1", "document_date": "2021-01-01",
        "paid_on": "2021-01-31", "amount": "999.99"});
    let keyed = one.with("idempotency-key", "once");
    let first = keyed.post(&payments, &payment).await.expect(201);
    assert_eq!(keyed.post(&payments, &payment).await.expect(201), first, "a repeat is the same payment");
    let approve = format!("/v1/action-payments/{}/approve", text(&first["id"]));
    assert_eq!(one.act(&approve).await.code(409), "approver_is_author");
    two.act(&approve).await.expect(200);
    let over = json!({"payee": "Studio S.r.l.", "document": "Fattura 2", "document_date": "2021-01-01",
        "paid_on": "2021-01-31", "amount": "0.02"});
    assert_eq!(one.post(&payments, &over).await.code(409), "insufficient_balance");
    let shown = server.role("worker").await.get(&format!("/v1/actions/{action}")).await.expect(200);
    assert_eq!((&shown["paid"], &shown["available"]), (&json!("999.99"), &json!("0.01")));
    assert_eq!(server.role("alliance_lead").await.get(&payments).await.status, 403);
    assert_eq!(server.nth("ats", 1, 0).await.get(&payments).await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn an_event_fills_up_and_asks_those_who_came() {
    let server = TestServer::start().await;
    let ats = server.role("ats").await;
    let action = running_action(&server, &ats).await;
    let starts = Utc::now() + Duration::days(30);
    let content = json!({"action_id": action, "kind": "webinar", "title": "Smart working", "description": "Per tutti.",
        "place": "online", "online_url": "https://meet.example/abc", "capacity": 2, "certificate_share": "0.75",
        "sign_up_opens_at": Utc::now() - Duration::days(1), "sign_up_closes_at": starts,
        "sessions": [{"starts_at": starts, "ends_at": starts + Duration::hours(2)}]});
    let event = text(&ats.post("/v1/events", &content).await.expect(201)["id"]);
    let path = format!("/v1/events/{event}");
    assert_eq!(server.anyone().get(&path).await.code(404), "not_found");
    ats.act(&format!("{path}/publish")).await.expect(200);
    let listed = server.anyone().get(&format!("/v1/events?action_id={action}")).await.expect(200);
    assert_eq!(listed["items"][0]["online_url"], json!(null));
    let seen = server.anyone().get(&path).await;
    let again = server.anyone().with("if-none-match", seen.etag()).get(&path).await;
    assert_eq!(again.status, 304);

    let sign_ups = format!("{path}/sign-ups");
    assert_eq!(server.anyone().post(&sign_ups, &json!({"participants": []})).await.code(401), "unauthenticated");
    let employer = server.role("employer").await;
    let people = json!({"organisation_id": organisation(&server, "employer"), "participants": [
        {"name": "Anna Bianchi", "email": "anna@example.it"}, {"name": "Ugo Neri", "email": "ugo@example.it"}]});
    let made = employer.post(&sign_ups, &people).await.expect(201);
    let worker = server.role("worker").await;
    let own = json!({"participants": [{"name": "Eva Rossi", "email": "eva@example.it"}]});
    let waiting = worker.post(&sign_ups, &own).await.expect(201)["items"][0].clone();
    assert_eq!((&waiting["state"], &waiting["waiting_position"]), (&json!("waiting"), &json!(1)));
    let first = text(&made["items"][0]["id"]);
    employer.act(&format!("/v1/event-sign-ups/{first}/cancel")).await.expect(200);
    let own = worker.get(&format!("/v1/event-sign-ups/{}", text(&waiting["id"]))).await.expect(200);
    assert_eq!((&own["state"], &own["online_url"]), (&json!("confirmed"), &json!("https://meet.example/abc")));

    let content = json!({"organisation_id": organisation(&server, "ats"), "action_id": action, "event_id": event,
        "audience": "event_participants", "title": "Com'è andata?", "description": "In forma anonima.",
        "questions": [{"kind": "rating", "question": "Voto", "options": [], "required": true}]});
    let id = text(&ats.post("/v1/questionnaires", &content).await.expect(201)["id"]);
    ats.act(&format!("/v1/questionnaires/{id}/open")).await.expect(200);
    let tokens = format!("/v1/questionnaires/{id}/tokens");
    let token = worker.post(&tokens, &json!({"sign_up_id": own["id"]})).await.expect(201)["token"].clone();
    let answers = json!({"token": token, "answers": [{"question": 1, "rating": 5}]});
    let given = server.anyone().post(&format!("/v1/questionnaires/{id}/answers"), &answers).await;
    assert_eq!(given.status, 204, "{}", given.body);
    let twice = server.anyone().post(&format!("/v1/questionnaires/{id}/answers"), &answers).await;
    assert_eq!(twice.code(409), "already_exists");
    let results = ats.get(&format!("/v1/questionnaires/{id}/results")).await;
    assert_eq!(results.code(409), "too_few_answers");
    server.stop().await;
}

#[tokio::test]
async fn fifty_sign_ups_over_http_share_one_last_place() {
    let server = TestServer::start().await;
    let ats = server.role("ats").await;
    let starts = Utc::now() + Duration::days(30);
    let content = json!({"kind": "seminar", "title": "Ultimo posto", "description": "Uno solo.", "place": "online",
        "capacity": 1, "certificate_share": "1.00", "sign_up_opens_at": Utc::now() - Duration::days(1),
        "sign_up_closes_at": starts, "sessions": [{"starts_at": starts, "ends_at": starts + Duration::hours(1)}]});
    let event = text(&ats.post("/v1/events", &content).await.expect(201)["id"]);
    ats.act(&format!("/v1/events/{event}/publish")).await.expect(200);
    let (employer, organisation) = (server.role("employer").await, organisation(&server, "employer"));
    let path = format!("/v1/events/{event}/sign-ups");
    let made = futures_util::future::join_all((0..50).map(|nth| {
        let body = json!({"organisation_id": organisation,
            "participants": [{"name": "Persona", "email": format!("p{nth}@example.it")}]});
        let (employer, path) = (&employer, &path);
        async move { employer.post(path, &body).await.expect(201) }
    }))
    .await;
    let confirmed = made.iter().filter(|answer| answer["items"][0]["state"] == "confirmed").count();
    assert_eq!(confirmed, 1);
    let shown = server.anyone().get(&format!("/v1/events/{event}")).await.expect(200);
    assert_eq!((&shown["free_places"], &shown["waiting"]), (&json!(0), &json!(49)));
    server.stop().await;
}
