//! The call of 2020 from its scores to its public awards, and a call of a thousand proposals.

use crate::scratch::{REAL, Scratch, bands, real_terms, with_scratch};
use concilia_allocation::{award_of, awards_of_call};
use concilia_kernel::{Actor, Role};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn column(answer: &Value, field: &str) -> Vec<String> {
    let items = answer["items"].as_array().expect("items");
    items.iter().map(|item| item[field].as_str().expect("text").to_owned()).collect()
}

#[test]
fn the_table_of_2020_is_computed_approved_explained_and_published() {
    with_scratch(async |scratch| {
        let call = scratch.real_call().await;
        let (author, approver) = (scratch.ats(), scratch.ats());
        let awards = format!("/v1/project-calls/{}/awards", call.id);
        assert_eq!(scratch.get(None, &awards).await.body["items"], json!([]));

        let run = scratch.allocate(&author, &call, real_terms()).await;
        assert_eq!(run.status, 201, "{}", run.body);
        assert_eq!((&run.body["assigned_grant"], &run.body["residue"]), (&json!("171718.40"), &json!("0.00")));
        assert_eq!((&run.body["base_amount"], &run.body["state"]), (&json!("171680.00"), &json!("computed")));
        let path = format!("/v1/allocations/{}", run.id());
        let published: Vec<&str> = REAL.iter().map(|row| row.2).collect();
        let got = scratch.get(Some(&author), &path).await;
        assert_eq!(column(&got.body, "assigned_grant"), published);

        // Not public, and the agency's alone until it is approved.
        assert_eq!(scratch.get(None, &awards).await.body["items"], json!([]));
        assert_eq!(scratch.get(Some(&scratch.actor(Role::AllianceLead)), &path).await.status, 404);
        assert_eq!(scratch.approve(&author, run.id()).await.refusal().1, "approver_is_author");

        let ahead = json!({"act": "Decreto n. 452", "act_date": "2099-07-24"});
        let ahead = scratch.post(&approver, &format!("{path}/approve"), ahead).await;
        assert_eq!(
            (ahead.status, &ahead.body["errors"][0]["pointer"]),
            (422, &json!("/act_date")),
            "{}",
            ahead.body
        );
        let approved = scratch.approve(&approver, run.id()).await;
        assert_eq!((approved.status, &approved.body["state"]), (200, &json!("approved")), "{}", approved.body);
        assert_eq!(
            (&approved.body["act"], &approved.body["act_date"]),
            (&json!("Decreto n. 452"), &json!("2020-07-24"))
        );

        explained(&scratch, &scratch.actor(Role::AllianceLead), &path).await;
        let public = scratch.get(None, &awards).await;
        assert_eq!(column(&public.body, "assigned_grant"), published);
        let first = &public.body["items"][0];
        assert_eq!(
            (&first["score"], &first["band"], &first["percentage"]),
            (&json!("60.00"), &json!(1), &json!("0.87"))
        );
        assert_eq!((&first["project"]["reference"], &first["lead"]["name"]), (&json!("2.1"), &json!("Lead")));
        assert_eq!((&first["requested_grant"], &first["act"]), (&json!("20000.00"), &json!("Decreto n. 452")));

        let mut conn = scratch.connect().await;
        let award = award_of(&mut conn, scratch.territory_id, call.projects[6]).await.unwrap().unwrap();
        assert_eq!((award.assigned.to_string(), award.act.as_str()), ("20038.40".into(), "Decreto n. 452"));
        assert_eq!(award_of(&mut conn, scratch.other_territory_id, call.projects[6]).await.unwrap(), None);
        assert_eq!(awards_of_call(&mut conn, scratch.territory_id, call.id).await.unwrap().len(), 7);
    });
}

async fn explained(scratch: &Scratch, reader: &Actor, path: &str) {
    let told = scratch.get(Some(reader), &format!("{path}/explanation")).await;
    assert_eq!(told.status, 200, "{}", told.body);
    let last = &told.body["items"][6];
    assert_eq!((&last["basis"]["kind"], &last["band_minimum_score"]), (&json!("percentage"), &json!("0.00")));
    assert_eq!((&last["residue_portion"]["pool"], &last["residue_share"]), (&json!("38.40"), &json!("38.40")));
    let text: Vec<&str> = last["text"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    assert_eq!(text.last(), Some(&"Contributo assegnato: EUR 20.038,40."));
}

#[test]
fn what_does_not_fit_is_simulated_refused_and_mended() {
    with_scratch(async |scratch| {
        let call = scratch.real_call().await;
        let ats = scratch.ats();
        let runs = format!("/v1/project-calls/{}/allocations", call.id);
        let first = bands(["0.90", "0.70", "0.50"]);

        let simulated = scratch.post(&ats, &format!("{runs}/simulate"), first.clone()).await;
        assert_eq!((simulated.status, &simulated.body["fits"]), (200, &json!(false)), "{}", simulated.body);
        assert_eq!((&simulated.body["over_by"], &simulated.body["waiting"]), (&json!("6881.60"), &json!(0)));
        assert_eq!(simulated.body["rows"].as_array().map(Vec::len), Some(7));
        let refused = scratch.allocate(&ats, &call, first).await;
        assert_eq!(refused.refusal(), (422, "validation_failed", "/bands", "over_budget"));
        assert_eq!(refused.body["errors"][0]["value"], "6881.60");

        let start = json!({"method": "bands", "bands": [
            {"minimum_score": "55.00", "percentage": "0.90"}, {"minimum_score": "40.00", "percentage": "0.70"},
            {"minimum_score": "0.00", "percentage": "0.50"}]});
        let suggested = scratch.post(&ats, &format!("{runs}/suggest"), start).await;
        assert_eq!(suggested.status, 200, "{}", suggested.body);
        assert_eq!(suggested.body["over_by"], "6881.60");
        assert_eq!(suggested.body["items"][0]["percentages"], json!(["0.87", "0.66", "0.50"]));
        assert_eq!(suggested.body["items"][0]["residue"], "38.40");
        let flat = scratch.post(&ats, &format!("{runs}/suggest"), json!({"method": "flat_percentage"})).await;
        assert_eq!(flat.body["items"][0]["percentages"], json!(["0.72"]), "{}", flat.body);

        // Nothing was stored by any of it.
        assert_eq!(scratch.get(Some(&ats), &runs).await.body["items"], json!([]));
    });
}

#[test]
fn a_thousand_proposals_are_allocated_in_the_request() {
    with_scratch(async |scratch| {
        let projects: Vec<(String, String)> =
            (0..1000).map(|n| (format!("{}.37", 1000 + n), format!("{}.00", n % 61))).collect();
        let call = scratch.project_call(3, "90000.00", &projects).await;
        let terms = json!({"method": "proportional", "tie_breaks": ["submitted_at_ascending"]});
        let started = Instant::now();
        let run = scratch.allocate(&scratch.ats(), &call, terms).await;
        let computed = started.elapsed();
        assert_eq!(run.status, 201, "{}", run.body);
        assert_eq!((&run.body["assigned_grant"], &run.body["residue"]), (&json!("90000.00"), &json!("0.00")));
        let started = Instant::now();
        let approved = scratch.approve(&scratch.ats(), run.id()).await;
        assert_eq!(approved.status, 200, "{}", approved.body);
        println!("1000 proposals computed in {computed:?}, approved in {:?}", started.elapsed());
        assert!(computed < Duration::from_secs(10), "{computed:?}");
    });
}
