//! What the actions tell the indicators of their plan.

use crate::scratch::{Scratch, action_content, with_scratch};
use concilia_kernel::{Actor, Role};
use diesel::sql_types::Text;
use diesel::{QueryableByName, sql_query};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use uuid::Uuid;

const TODAY: &str = "italian_day(now())";

/// Numerator and denominator of an indicator of the plan up to a day, in SQL.
async fn figure(scratch: &Scratch, indicator: &str, until: &str) -> [String; 2] {
    #[derive(QueryableByName)]
    struct Sums {
        #[diesel(sql_type = Text)]
        numerator: String,
        #[diesel(sql_type = Text)]
        denominator: String,
    }
    let (territory_id, plan_id) = (scratch.territory_id, scratch.plan_id);
    let sums: Sums = sql_query(format!(
        "SELECT coalesce(sum(amount) FILTER (WHERE side = 'numerator'), 0)::text AS numerator, \
                coalesce(sum(amount) FILTER (WHERE side = 'denominator'), 0)::text AS denominator \
           FROM live_indicator_records('{territory_id}', '{plan_id}', {until}) WHERE indicator = '{indicator}'"
    ))
    .get_result(&mut scratch.connect().await)
    .await
    .unwrap();
    [sums.numerator, sums.denominator]
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

        scratch.run_sql("UPDATE actions SET created_at = '2017-01-01'").await;
        // A restitution counts on the day on which it came; an amount that is planned for a year, from the beginning.
        for (until, paid) in [("'2021-06-30'", "300.00"), ("'2021-12-31'", "450.00")] {
            assert_eq!(figure(&scratch, "system_paid", until).await[0], paid, "{until}");
        }
        assert_eq!(figure(&scratch, "system_cofinancing", "'2021-06-30'").await[0], "175.00");
        assert_eq!(figure(&scratch, "system_monetary_cofinancing", "'2021-06-30'").await, ["100.00", "175.00"]);
        // Of the people one came twice, of the companies none is the lead: who is reached by two actions counts once.
        for (until, people, companies) in [("'2017-03-02'", "0", "0"), ("'2017-03-03'", "5", "2")] {
            assert_eq!(figure(&scratch, "system_people", until).await[0], people, "{until}");
            assert_eq!(figure(&scratch, "system_companies", until).await[0], companies, "{until}");
        }
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
        assert_eq!(figure(&scratch, "system_companies", TODAY).await[0], "1");
        let leave = format!("/v1/path-participations/{joined}/withdraw");
        scratch.post(&officer, &leave, json!({"reason": "x"})).await.expect(200);
        assert_eq!(figure(&scratch, "system_companies", TODAY).await[0], "0");
    });
}

#[test]
fn satisfaction_goes_by_what_the_results_show() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let action = scratch.running_action("500.00").await;
        let ask = async |ratings: &[i64], looked_at: Option<usize>| {
            let content = json!({"organisation_id": scratch.agency_id, "action_id": action, "audience": "workers", "title": "T", "description": "D",
                "questions": [{"kind": "rating", "question": "Q", "options": [], "required": true},
                              {"kind": "rating", "question": "R", "options": [], "required": false}]});
            let id = scratch.post(&ats, "/v1/questionnaires", content).await.id();
            scratch.act(&ats, &format!("/v1/questionnaires/{id}/open")).await.expect(200);
            let results = format!("/v1/questionnaires/{id}/results");
            for (nth, rating) in ratings.iter().enumerate() {
                if looked_at == Some(nth) {
                    scratch.get(Some(&ats), &results).await.expect(200);
                }
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
            scratch.get(Some(&ats), &results).await
        };
        // Four are too few; of seven, two have answered since somebody looked; the second question has too few ratings.
        ask(&[5, 5, 5, 5], None).await;
        assert_eq!(figure(&scratch, "satisfaction", TODAY).await, ["0", "0"]);
        let shown: Value = ask(&[5, 4, 3, 4, 5, 5, 1], Some(5)).await.expect(200);
        assert_eq!(figure(&scratch, "satisfaction", TODAY).await, ["4", "5"]);
        assert_eq!(
            (&shown["satisfaction"]["positive"], &shown["satisfaction"]["ratings"]),
            (&json!(4), &json!(5))
        );
        ask(&[5, 4, 3, 4, 5, 5, 1], None).await;
        assert_eq!(figure(&scratch, "satisfaction", TODAY).await, ["9", "12"]);
    });
}
