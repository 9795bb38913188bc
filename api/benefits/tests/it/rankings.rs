//! Rankings: computed once, approved by another, explained to those concerned.

use crate::scratch::with_scratch;
use actix_web::http::Method;
use concilia_benefits::{
    DeclaredChild, DeclaredHousehold, SubmittedApplication, SubmittedMember, insert_submitted_applications,
};
use concilia_kernel::{Role, now};
use concilia_ledger::{call_budget, check_ledger};
use serde_json::{Value, json};

#[test]
fn a_ranking_is_computed_approved_and_explained() {
    with_scratch(async |scratch| {
        // 1000.00: two households of two children take 500.00 each, the third waits.
        let call = scratch.open_call(|_| ()).await;
        let mut families = vec![];
        for _ in 0..3 {
            let family = scratch.family(scratch.employer_id, &[("2090-01-01", None), ("2091-01-01", None)]).await;
            let id = scratch.submit(&family, call).await;
            families.push((family, id));
        }
        let runs = format!("/v1/voucher-calls/{call}/rankings");
        let (lead, ats) = (scratch.lead(), scratch.ats());
        assert_eq!(scratch.post(&lead, &runs, None).await.refusal().1, "conflict");
        scratch.close(call).await;
        assert_eq!(scratch.post(&ats, &runs, None).await.status, 403);
        let run = scratch.post(&lead, &runs, None).await;
        assert_eq!(run.status, 201, "{}", run.body);
        let totals = json!({"lines": 6, "awarded": 4, "wait_listed": 2, "excluded": 0, "available": "1000.00",
                            "awarded_amount": "1000.00"});
        assert_eq!(run.body["totals"], totals);
        let again = scratch.post(&lead, &runs, None).await;
        assert_eq!((again.status, again.id()), (200, run.id()), "the same inputs, the same run");

        // Not public yet, nor told to families; officers see it.
        let path = format!("/v1/rankings/{}", run.id());
        assert_eq!(scratch.get(None, &path).await.status, 404);
        assert_eq!(scratch.get(None, &runs).await.body["items"], json!([]));
        let (first, first_application) = &families[0];
        let explanation = format!("/v1/applications/{first_application}/explanation");
        assert_eq!(scratch.get(Some(&first.actor), &explanation).await.body["ranking"], Value::Null);
        let told = scratch.get(Some(&ats), &explanation).await.body;
        assert_eq!(told["ranking"]["state"], "computed");
        assert_eq!((&told["lines"][0]["criteria"], &told["lines"][0]["tie_breaks"]), (&json!([]), &json!([])));
        assert_ne!(scratch.get(Some(&lead), &explanation).await.body["lines"][0]["criteria"], json!([]));

        // Approved by another person, at once with its vouchers.
        let approve = format!("{path}/approve");
        assert_eq!(scratch.post(&lead, &approve, None).await.refusal().1, "approver_is_author");
        assert_eq!(scratch.post(&scratch.stranger(Role::Ats), &approve, None).await.status, 404);
        let stale = scratch.call(Some(&ats), Method::POST, &approve, None, &[("if-match", "\"9\"")]).await;
        assert_eq!(stale.status, 412);
        let seen = [("if-match", run.etag.as_deref().unwrap()), ("idempotency-key", "approval")];
        let approved = scratch.call(Some(&ats), Method::POST, &approve, None, &seen).await;
        assert_eq!((approved.status, &approved.body["state"]), (200, &json!("final")), "{}", approved.body);
        assert_eq!(scratch.call(Some(&ats), Method::POST, &approve, None, &seen).await.body, approved.body);
        assert_eq!(scratch.post(&ats, &approve, None).await.refusal().1, "transition_not_allowed");
        assert_eq!(scratch.get(None, &format!("/v1/voucher-calls/{call}")).await.body["state"], "spending");
        let mut conn = scratch.connect().await;
        assert_eq!(call_budget(&mut conn, scratch.territory_id, call).await.unwrap().to_string(), "0.00");
        assert_eq!(check_ledger(&mut conn, None).await.unwrap().violations, []);

        // Public without names, page after page.
        let page = scratch.get(None, &format!("{path}?limit=4")).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert_eq!(page.body["items"].as_array().map(Vec::len), Some(4));
        let rest =
            scratch.get(None, &format!("{path}?limit=4&cursor={}", page.body["next"].as_str().unwrap())).await;
        assert_eq!((rest.body["items"].as_array().map(Vec::len), &rest.body["next"]), (Some(2), &Value::Null));
        assert_eq!(rest.body["items"][0]["waiting_position"], 1);
        assert!(page.body["items"][0].get("application_line_id").is_none());
        let held = [("if-none-match", page.etag.as_deref().unwrap())];
        assert_eq!(scratch.call(None, Method::GET, &path, None, &held).await.status, 304);

        // Explained to the family.
        let told = scratch.get(Some(&first.actor), &explanation).await;
        assert_eq!((&told.body["state"], &told.body["ranking"]["number"]), (&json!("awarded"), &json!(1)));
        let line = &told.body["lines"][1];
        assert_eq!((&line["amount"], &line["outcome_code"]), (&json!("200.00"), &json!("household_cap_partial")));
        assert_eq!(line["points"], 15);
        let reasons: Vec<_> =
            line["criteria"].as_array().unwrap().iter().map(|c| c["reason"].as_str().unwrap()).collect();
        assert_eq!(reasons, ["not_declared", "declared", "isee_within_threshold"]);
        assert_eq!(line["tie_breaks"][0]["value"], "12000.00");
        let (last, last_application) = &families[2];
        let told =
            scratch.get(Some(&last.actor), &format!("/v1/applications/{last_application}/explanation")).await;
        assert_eq!(
            (&told.body["state"], &told.body["lines"][1]["waiting_position"]),
            (&json!("wait_listed"), &json!(2))
        );
    });
}

#[test]
fn a_run_whose_inputs_changed_is_not_approved_and_a_new_one_supersedes_it() {
    with_scratch(async |scratch| {
        let call = scratch.open_call(|_| ()).await;
        let mut ids = vec![];
        for _ in 0..2 {
            let family = scratch.family(scratch.employer_id, &[("2090-01-01", None)]).await;
            ids.push(scratch.submit(&family, call).await);
        }
        scratch.close(call).await;
        let runs = format!("/v1/voucher-calls/{call}/rankings");
        let lead = scratch.lead();
        let first = scratch.post(&lead, &runs, None).await;
        scratch
            .run_sql(&format!(
                "UPDATE applications SET submitted_at = submitted_at - interval '1 hour' WHERE id = '{}'",
                ids[1]
            ))
            .await;
        let stale = scratch.post(&scratch.ats(), &format!("/v1/rankings/{}/approve", first.id()), None).await;
        assert_eq!((stale.status, stale.refusal().1), (409, "conflict"));
        let second = scratch.post(&lead, &runs, None).await;
        assert_eq!((second.status, &second.body["number"]), (201, &json!(2)));
        assert_ne!(second.body["inputs_hash"], first.body["inputs_hash"]);
        let approve = format!("/v1/rankings/{}/approve", first.id());
        assert_eq!(scratch.post(&scratch.ats(), &approve, None).await.refusal().1, "transition_not_allowed");
        assert_eq!(scratch.get(None, &format!("/v1/rankings/{}", first.id())).await.status, 404);
        let approve = format!("/v1/rankings/{}/approve", second.id());
        let approvals = futures_util::future::join_all(
            (0..4).map(|_| async { scratch.post(&scratch.ats(), &approve, None).await.status }),
        );
        let mut statuses = approvals.await;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409]);
        let mut conn = scratch.connect().await;
        assert_eq!(call_budget(&mut conn, scratch.territory_id, call).await.unwrap().to_string(), "400.00");
    });
}

#[test]
fn thousands_of_lines_are_ranked_in_the_request() {
    with_scratch(async |scratch| {
        let call = scratch.open_call(|call| {
            call["budget"] = json!("600000.00");
            call["household_cap"] = Value::Null;
        });
        let call = call.await;
        let lines = 4_000;
        // The families stand in the tables of eligibility, which are not at stake here.
        scratch.run_sql("ALTER TABLE applications DISABLE TRIGGER ALL; ALTER TABLE application_lines DISABLE TRIGGER ALL; ALTER TABLE vouchers DISABLE TRIGGER ALL").await;
        let submitted: Vec<SubmittedApplication> = (0..lines).map(application).collect();
        let mut conn = scratch.connect().await;
        let ids =
            insert_submitted_applications(&mut conn, &scratch.vault, scratch.territory_id, call, &submitted).await;
        assert_eq!(ids.unwrap().len(), lines as usize);
        scratch.close(call).await;
        let started = std::time::Instant::now();
        let run = scratch.post(&scratch.lead(), &format!("/v1/voucher-calls/{call}/rankings"), None).await;
        assert_eq!(run.body["totals"]["awarded"], 2000, "{}", run.body);
        println!("{lines} lines ranked in {:?}", started.elapsed());
        let started = std::time::Instant::now();
        let approved = scratch.post(&scratch.ats(), &format!("/v1/rankings/{}/approve", run.id()), None).await;
        assert_eq!(approved.status, 200, "{}", approved.body);
        println!("and approved in {:?}", started.elapsed());
    });
}

fn application(n: i64) -> SubmittedApplication {
    let child = DeclaredChild {
        birth_date: "2090-01-01".parse().unwrap(),
        disability: n % 11 == 0,
        learning_disorder: false,
        other_fragility: n % 20 == 0,
    };
    SubmittedApplication {
        worker_id: concilia_kernel::new_id(),
        employer_id: concilia_kernel::new_id(),
        submitted_at: now(),
        household: DeclaredHousehold {
            single_parent: false,
            both_parents_working: n % 3 != 0,
            shift_work: n % 5 == 0,
            no_relatives_nearby: false,
            woman_entrepreneur: false,
            isee: (n % 4 != 0).then(|| concilia_kernel::Money::from_cents(n * 1000)),
        },
        members: vec![SubmittedMember {
            household_member_id: concilia_kernel::new_id(),
            child,
            tax_code_index: None,
        }],
    }
}
