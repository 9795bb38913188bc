//! Two officers at once end in one effect and one clean refusal.

use crate::scratch::{real_terms, with_scratch};
use actix_web::http::Method;
use futures_util::future::join_all;
use serde_json::json;

#[test]
fn of_officers_who_allocate_at_once_one_does() {
    with_scratch(async |scratch| {
        let call = scratch.real_call().await;
        let officers = [scratch.ats(), scratch.ats(), scratch.ats(), scratch.ats()];
        let answers = join_all(officers.iter().map(|ats| scratch.allocate(ats, &call, real_terms()))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409]);
        assert!(
            answers.iter().filter(|answer| answer.status == 409).all(|answer| answer.refusal().1 == "conflict")
        );
        let runs = scratch.get(Some(&officers[0]), &format!("/v1/project-calls/{}/allocations", call.id)).await;
        assert_eq!(runs.body["items"].as_array().map(Vec::len), Some(1));
    });
}

#[test]
fn the_same_key_makes_one_run_and_one_answer() {
    with_scratch(async |scratch| {
        let call = scratch.real_call().await;
        let ats = scratch.ats();
        let path = format!("/v1/project-calls/{}/allocations", call.id);
        let key = [("idempotency-key", "allocation-2020")];
        let once = || scratch.call(Some(&ats), Method::POST, &path, Some(real_terms()), &key);
        let answers = join_all([once(), once()]).await;
        assert_eq!((answers[0].status, answers[1].status), (201, 201), "{answers:?}");
        assert_eq!(answers[0].body, answers[1].body);
        let other = json!({"method": "proportional"});
        let reused = scratch.call(Some(&ats), Method::POST, &path, Some(other), &key).await;
        assert_eq!((reused.status, reused.refusal().1), (422, "idempotency_key_reused"));
    });
}

#[test]
fn of_officers_who_approve_at_once_one_does() {
    with_scratch(async |scratch| {
        let call = scratch.real_call().await;
        let run = scratch.allocate(&scratch.ats(), &call, real_terms()).await.id();
        let officers = [scratch.ats(), scratch.ats(), scratch.ats(), scratch.ats()];
        let answers = join_all(officers.iter().map(|ats| scratch.approve(ats, run))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409]);
        let refused = answers.iter().filter(|answer| answer.status == 409);
        assert!(refused.into_iter().all(|answer| answer.refusal().1 == "transition_not_allowed"));
    });
}
