//! What the actions tell the contexts that report.

use crate::scratch::{Scratch, action_content, with_scratch};
use concilia_actions::{action_figures, plan_reach, questionnaire_satisfaction};
use concilia_kernel::{Actor, Role};
use serde_json::{Value, json};
use uuid::Uuid;

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

async fn pay(scratch: &Scratch, action: Uuid, document: &str, amount: &str, paid_on: &str) -> Uuid {
    let body = json!({"payee": "P", "document": document, "document_date": "2021-01-01", "paid_on": paid_on, "amount": amount});
    let made = scratch.post(&scratch.ats(), &format!("/v1/actions/{action}/payments"), body).await;
    scratch.act(&scratch.ats(), &format!("/v1/action-payments/{}/approve", made.id())).await.expect(200);
    made.id()
}

/// An event of the action of 2017 at which these people, of these organisations, were present.
async fn event(scratch: &Scratch, action: Uuid, people: &[(&Actor, Option<Uuid>, &str)]) {
    let id = scratch
        .published_event(|event| {
            event["action_id"] = json!(action);
            event["capacity"] = json!(50);
        })
        .await;
    let mut present = vec![];
    for (actor, organisation, email) in people {
        let body = json!({"organisation_id": organisation, "participants": [{"name": "X", "email": email}]});
        let made = scratch.post(*actor, &format!("/v1/events/{id}/sign-ups"), body).await.expect(201);
        present.push(made["items"][0]["id"].clone());
    }
    let session = scratch.get(None, &format!("/v1/events/{id}")).await.expect(200)["sessions"][0]["id"].clone();
    scratch.let_it_pass(id).await;
    let attendance = format!("/v1/events/{id}/sessions/{}/attendance", session.as_str().unwrap());
    scratch.put(&scratch.ats(), &attendance, "\"1\"", json!({"present": present})).await.expect(200);
    scratch.act(&scratch.ats(), &format!("/v1/events/{id}/conclude")).await.expect(200);
}

#[test]
fn money_and_reach_are_counted_up_to_a_day() {
    with_scratch(async |scratch| {
        let mut content = action_content(scratch.plan_id, "1000.00");
        content["years"] =
            json!([{"year": 2021, "planned": "900.00", "expected_people": 10, "expected_companies": 2}]);
        content["cofinancing"] = json!([{"organisation_id": scratch.lead_id, "monetary": "100.00", "in_kind": "50.00"},
                   {"organisation_id": scratch.company_id, "monetary": "0.00", "in_kind": "25.00"}]);
        let one = scratch.post(&scratch.ats(), "/v1/actions", content).await.id();
        scratch.act(&scratch.ats(), &format!("/v1/actions/{one}/start")).await.expect(200);
        let two = scratch.running_action("500.00").await;
        let paid = pay(&scratch, one, "F1", "300.00", "2021-06-30").await;
        pay(&scratch, one, "F2", "200.00", "2021-07-01").await;
        let back = json!({"document": "NC", "document_date": "2021-07-01", "paid_on": "2021-08-01", "amount": "50.00", "note": "x"});
        let back = scratch.post(&scratch.ats(), &format!("/v1/action-payments/{paid}/reverse"), back).await.id();
        scratch.act(&scratch.ats(), &format!("/v1/action-payments/{back}/approve")).await.expect(200);

        let (worker, officer) = (scratch.worker(), scratch.actor(Role::Employer, scratch.company_id));
        let outsider = scratch.actor(Role::Employer, scratch.outsider_id);
        let lead = scratch.actor(Role::AllianceLead, scratch.lead_id);
        event(
            &scratch,
            one,
            &[
                (&worker, None, "a@x.it"),
                (&officer, Some(scratch.company_id), "b@x.it"),
                (&officer, Some(scratch.company_id), "c@x.it"),
                (&lead, Some(scratch.lead_id), "d@x.it"),
            ],
        )
        .await;
        event(&scratch, one, &[(&worker, None, "A@x.it")]).await;
        event(&scratch, two, &[(&outsider, Some(scratch.outsider_id), "b@x.it"), (&worker, None, "e@x.it")]).await;

        let mut conn = scratch.connect().await;
        let figures =
            action_figures(&mut conn, scratch.territory_id, scratch.plan_id, day("2021-06-30")).await.unwrap();
        let first = &figures[0];
        assert_eq!((first.action_id, figures.len()), (one, 2));
        let money = [first.planned, first.paid, first.cofinancing_monetary, first.cofinancing_in_kind];
        assert_eq!(money.map(|amount| amount.to_string()), ["1000.00", "300.00", "100.00", "75.00"]);
        assert_eq!(first.years.0[0].expected_people, 10);
        // Four people and one company: the lead is none, and one person came twice.
        assert_eq!((first.people_reached, first.companies_reached), (4, 1));
        assert_eq!((first.events_held, first.attendances), (2, 5));
        let reach = plan_reach(&mut conn, scratch.territory_id, scratch.plan_id, day("2021-06-30")).await.unwrap();
        assert_eq!((reach.people, reach.companies), (5, 2), "who is reached by two actions counts once");

        let later =
            action_figures(&mut conn, scratch.territory_id, scratch.plan_id, day("2021-12-31")).await.unwrap();
        assert_eq!(later[0].paid.to_string(), "450.00");
        let before =
            action_figures(&mut conn, scratch.territory_id, scratch.plan_id, day("2017-03-02")).await.unwrap();
        assert_eq!((before[0].people_reached, before[0].events_held, before[0].attendances), (0, 0, 0));
        let day_of =
            action_figures(&mut conn, scratch.territory_id, scratch.plan_id, day("2017-03-03")).await.unwrap();
        assert_eq!((day_of[0].people_reached, day_of[0].events_held), (4, 2), "the day itself counts");
        let foreign = action_figures(&mut conn, Uuid::nil(), scratch.plan_id, day("2021-12-31")).await.unwrap();
        assert!(foreign.is_empty());
    });
}

#[test]
fn a_company_that_left_before_the_first_step_was_not_reached() {
    with_scratch(async |scratch| {
        let action = scratch.running_action("500.00").await;
        let body = json!({"title": "T", "description": "D", "steps": [{"kind": "survey", "title": "S"}]});
        let path = scratch.post(&scratch.ats(), &format!("/v1/actions/{action}/company-paths"), body).await.id();
        let officer = scratch.actor(Role::Employer, scratch.company_id);
        let join = format!("/v1/company-paths/{path}/join");
        let joined = scratch.post(&officer, &join, json!({"organisation_id": scratch.company_id})).await.id();
        let mut conn = scratch.connect().await;
        let today = concilia_kernel::now().date_naive();
        let figures = action_figures(&mut conn, scratch.territory_id, scratch.plan_id, today).await.unwrap();
        assert_eq!((figures[0].companies_reached, figures[0].companies_on_paths), (1, 1));
        let leave = format!("/v1/path-participations/{joined}/withdraw");
        scratch.post(&officer, &leave, json!({"reason": "x"})).await.expect(200);
        let figures = action_figures(&mut conn, scratch.territory_id, scratch.plan_id, today).await.unwrap();
        assert_eq!((figures[0].companies_reached, figures[0].companies_on_paths), (0, 0));
    });
}

#[test]
fn satisfaction_goes_by_what_the_results_show() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let today = concilia_kernel::now().date_naive();
        let ask = async |ratings: &[i64]| {
            let content = json!({"organisation_id": scratch.agency_id, "audience": "workers", "title": "T", "description": "D",
                "questions": [{"kind": "rating", "question": "Q", "options": [], "required": true},
                              {"kind": "rating", "question": "R", "options": [], "required": false}]});
            let id = scratch.post(&ats, "/v1/questionnaires", content).await.id();
            scratch.act(&ats, &format!("/v1/questionnaires/{id}/open")).await.expect(200);
            for (nth, rating) in ratings.iter().enumerate() {
                let tokens = format!("/v1/questionnaires/{id}/tokens");
                let token = scratch.post(&scratch.worker(), &tokens, json!({})).await.expect(201)["token"].clone();
                let mut answers = vec![json!({"question": 1, "rating": rating})];
                if nth < 4 {
                    answers.push(json!({"question": 2, "rating": 1}));
                }
                let body = json!({"token": token, "answers": answers});
                scratch.post(&ats, &format!("/v1/questionnaires/{id}/answers"), body).await.expect(204);
            }
            scratch.act(&ats, &format!("/v1/questionnaires/{id}/close")).await.expect(200);
            id
        };
        ask(&[5, 5, 5, 5]).await;
        let enough = ask(&[5, 4, 3, 4, 5, 5, 1]).await;
        let mut conn = scratch.connect().await;
        let found = questionnaire_satisfaction(&mut conn, scratch.territory_id, today, today).await.unwrap();
        assert_eq!(found.iter().map(|one| one.questionnaire_id).collect::<Vec<_>>(), [enough], "four are too few");
        let satisfaction = found[0].satisfaction;
        assert_eq!(
            (satisfaction.positive, satisfaction.ratings),
            (5, 7),
            "the second question has too few ratings"
        );
        let shown: Value =
            scratch.get(Some(&ats), &format!("/v1/questionnaires/{enough}/results")).await.expect(200);
        assert_eq!(shown["satisfaction"], serde_json::to_value(satisfaction).unwrap());
        let tomorrow = today.succ_opt().unwrap();
        assert!(
            questionnaire_satisfaction(&mut conn, scratch.territory_id, tomorrow, tomorrow)
                .await
                .unwrap()
                .is_empty()
        );
    });
}
