//! What an expense must be, how it is decided, and what a report may take of a cost item.

use super::grant::{Grant, attach};
use super::world::{World, put, text};
use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use reqwest::{Body, Method};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::timeout;

#[tokio::test]
async fn an_expense_is_of_a_partner_a_planned_source_and_a_day_of_the_project() {
    let world = World::start().await;
    let grant = Grant::running(&world).await;
    let report = grant.report("2020-09-01", "2020-12-31").await;
    let path = format!("{report}/expenses");
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = grant.invoice("1", "services", "grant", "100.00");
        change(&mut body);
        body
    };
    let stranger = world.organisation("Comune di Cremona").await;
    let foreign = world.foreign("organisations").await;
    #[allow(clippy::type_complexity, reason = "one list of one test")]
    let wrong: [(&dyn Fn(&mut Value), &str); 12] = [
        (&|b| b["organisation_id"] = json!(stranger), "/organisation_id"),
        (&|b| b["organisation_id"] = json!(foreign), "/organisation_id"),
        (&|b| b["incurred_on"] = json!("2020-08-31"), "/incurred_on"),
        (&|b| b["incurred_on"] = json!("2021-01-01"), "/incurred_on"),
        (&|b| b["incurred_on"] = json!("2020-02-31"), "/incurred_on"),
        (&|b| b["document"]["date"] = json!("2099-01-01"), "/document/date"),
        (&|b| b["amount"] = json!("0.00"), "/amount"),
        (&|b| b["amount"] = json!("-5.00"), "/amount"),
        (&|b| b["amount"] = json!("99999999999999.00"), "/amount"),
        (&|b| b["description"] = json!("a\u{7}b"), "/description"),
        // The lead plans money only, and hours make the amount where they are planned.
        (
            &|b| {
                (b["source"], b["amount"], b["hours"], b["hourly_rate"]) =
                    (json!("in_kind"), Value::Null, json!("1.00"), json!("20.00"));
            },
            "/source",
        ),
        (&|b| (b["hours"], b["hourly_rate"]) = (json!("5.00"), json!("20.00")), "/amount"),
    ];
    for (change, pointer) in wrong {
        let refused = world.alliances.post(&path, &with(change)).await;
        assert!(matches!(refused.status, 400 | 422), "{pointer}: {}", refused.body);
        assert_eq!(refused.body["errors"][0]["pointer"], pointer, "{}", refused.body);
    }
    // 10.01 hours at 21.33 are 213.5133, so 213.51: who says another amount is not taken at its word.
    let mut hours = grant.hours("T1", "10.01", "21.33");
    hours["amount"] = json!("213.52");
    assert_eq!(grant.partners_officer.post(&path, &hours).await.body["errors"][0]["pointer"], "/hours");
    hours["amount"] = Value::Null;
    assert_eq!(grant.partners_officer.post(&path, &hours).await.expect(201)["amount"], "213.51");
    // A partner writes its own expenses only.
    let of_lead = grant.invoice("2", "services", "grant", "10.00");
    assert_eq!(grant.partners_officer.post(&path, &of_lead).await.code(404), "not_found");
    assert_eq!(world.ats.post(&path, &of_lead).await.code(403), "forbidden");
    world.stop().await;
}

#[tokio::test]
async fn a_document_pays_once_however_many_send_it() {
    let world = World::start().await;
    let grant = Grant::running(&world).await;
    let report = grant.report("2020-09-01", "2020-12-31").await;
    let path = format!("{report}/expenses");
    let body = grant.invoice("12/A", "services", "grant", "100.00");
    let answers = join_all((0..10).map(|_| world.alliances.post(&path, &body))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for loser in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(loser.code(409), "document_already_reported");
    }
    let mut again = grant.invoice(" 12/a ", "goods", "monetary", "5.00");
    again["document"]["issuer"] = json!("FORNITORE SRL");
    assert_eq!(world.alliances.post(&path, &again).await.code(409), "document_already_reported");
    let keyed = world.alliances.with("idempotency-key", "one-expense");
    let other = grant.invoice("13", "services", "grant", "7.00");
    let first = keyed.post(&path, &other).await.expect(201);
    assert_eq!(keyed.post(&path, &other).await.expect(201), first);
    assert_eq!(
        keyed.post(&path, &grant.invoice("14", "services", "grant", "7.00")).await.code(422),
        "idempotency_key_reused"
    );

    let expense = format!("/v1/expenses/{}", text(&first["id"]));
    assert_eq!(world.alliances.put(&expense, &other).await.code(428), "precondition_required");
    let stale = world.alliances.get(&expense).await.etag().to_owned();
    put(&world.alliances, &expense, &expense, &grant.invoice("13", "services", "grant", "8.00")).await.expect(200);
    assert_eq!(
        world.alliances.with("if-match", &stale).put(&expense, &other).await.code(412),
        "precondition_failed"
    );
    let unfinished = world.alliances.act(&format!("{report}/submit")).await;
    assert_eq!(unfinished.code(409), "conflict", "documents are missing");
    world.stop().await;
}

#[tokio::test]
async fn documents_that_arrive_slowly_hold_up_nobody() {
    let world = World::start().await;
    let grant = Grant::running(&world).await;
    let report = grant.report("2020-09-01", "2020-12-31").await;
    let invoice = grant.invoice("1", "goods", "grant", "9.00");
    let expense = world.alliances.post(&format!("{report}/expenses"), &invoice).await.expect(201);
    let expense = format!("/v1/expenses/{}", text(&expense["id"]));
    // More of them than the server has connections to its database.
    let stalled: Vec<_> = (0..24)
        .map(|_| {
            let begun = stream::iter([Ok::<_, std::io::Error>("%PDF-1.4 ")]).chain(stream::pending());
            let request = world.alliances.request(Method::PUT, &format!("{expense}/attachment"));
            let request = request.header("if-match", "*").header("content-type", "application/pdf");
            tokio::spawn(request.body(Body::wrap_stream(begun)).send())
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let other = timeout(Duration::from_secs(5), attach(&world.alliances, &expense, "whole")).await;
    other.expect("an answer").expect(200);
    stalled.iter().for_each(JoinHandle::abort);
    world.stop().await;
}

#[tokio::test]
async fn a_report_is_checked_line_by_line_and_never_takes_more_than_an_item_has() {
    let world = World::start().await;
    let grant = Grant::running(&world).await;
    let report = grant.report("2020-09-01", "2020-12-31").await;
    let touching = json!({"period_from": "2020-12-31", "period_to": "2021-06-30"});
    assert_eq!(
        world.alliances.post(&grant.path("expense-reports"), &touching).await.code(422),
        "validation_failed"
    );
    let lead = &world.alliances;
    let rent = grant.expense(lead, &report, &grant.invoice("1", "general", "grant", "1038.41")).await;
    let course = grant.expense(lead, &report, &grant.invoice("2", "services", "grant", "9000.00")).await;
    let party = grant.expense(lead, &report, &grant.invoice("3", "services", "monetary", "500.00")).await;
    let work = grant.expense(&grant.partners_officer, &report, &grant.hours("T1", "100.00", "20.00")).await;
    let accept = json!({"decision": "accepted"});
    assert_eq!(world.ats.post(&format!("{rent}/decide"), &accept).await.code(409), "transition_not_allowed");
    lead.act(&format!("{report}/submit")).await.expect(200);
    assert_eq!(attach(lead, &course, "other").await.code(409), "transition_not_allowed");

    for wrong in [
        json!({"decision": "reduced", "accepted": "9000.00", "reason": "IVA"}),
        json!({"decision": "reduced", "accepted": "10.00"}),
        json!({"decision": "refused"}),
        json!({"decision": "accepted", "accepted": "1.00"}),
    ] {
        assert_eq!(world.ats.post(&format!("{course}/decide"), &wrong).await.code(422), "validation_failed");
    }
    let reduced = json!({"decision": "reduced", "accepted": "7377.05", "reason": "IVA detraibile"});
    world.ats.post(&format!("{course}/decide"), &reduced).await.expect(200);
    let refused = json!({"decision": "refused", "reason": "Non attinente"});
    world.ats.post(&format!("{party}/decide"), &refused).await.expect(200);
    assert_eq!(world.ats.act(&format!("{report}/validate")).await.code(409), "conflict", "not all are decided");
    for expense in [&rent, &work] {
        world.ats.post(&format!("{expense}/decide"), &accept).await.expect(200);
    }
    let exceeded = world.ats.act(&format!("{report}/validate")).await;
    assert_eq!(exceeded.code(409), "cost_item_exceeded");
    assert_eq!(
        (&exceeded.body["errors"][0]["pointer"], &exceeded.body["errors"][0]["value"]),
        (&json!("/items/general"), &json!("0.01"))
    );
    let reduced = json!({"decision": "reduced", "accepted": "1038.40", "reason": "Un centesimo oltre la voce"});
    world.ats.post(&format!("{rent}/decide"), &reduced).await.expect(200);
    let validated = world.ats.act(&format!("{report}/validate")).await.expect(200);
    assert_eq!(validated["state"], "validated");
    assert_eq!(world.ats.post(&format!("{rent}/decide"), &accept).await.code(409), "transition_not_allowed");

    // 8,415.45 of grant and 2,000 in kind: 30% of 10,415.45, cut to the cent, is 3,124.63.
    let position = lead.get(&grant.path("cofinancing-position")).await.expect(200);
    let found = ["total", "grant", "in_kind", "minimum", "missing", "share"]
        .map(|name| text(&position["validated"][name]));
    assert_eq!(found, ["10415.45", "8415.45", "2000.00", "3124.63", "1124.63", "0.192"]);
    // An interim payment refunds what was validated, and no more.
    let over = grant.order(&world.ats, 2, Some("6011.53")).await;
    assert_eq!(over.code(409), "grant_exceeded");
    grant.pay(&grant.order(&world.ats, 2, None).await.expect(201)).await;
    assert_eq!(grant.shown().await["paid"], "6011.52");
    world.stop().await;
}
