//! Who may not, what is not ready, and what the database itself refuses.

use crate::scratch::{real_terms, with_scratch};
use serde_json::json;

#[test]
fn another_territory_finds_nothing() {
    with_scratch(async |scratch| {
        let call = scratch.real_call().await;
        let run = scratch.allocate(&scratch.ats(), &call, real_terms()).await.id();
        let stranger = scratch.stranger();
        let calls = format!("/v1/project-calls/{}", call.id);
        assert_eq!(scratch.allocate(&stranger, &call, real_terms()).await.status, 404);
        assert_eq!(scratch.approve(&stranger, run).await.status, 404);
        let simulate = scratch.post(&stranger, &format!("{calls}/allocations/simulate"), real_terms()).await;
        let flat = json!({"method": "flat_percentage"});
        let suggest = scratch.post(&stranger, &format!("{calls}/allocations/suggest"), flat).await;
        assert_eq!((simulate.status, suggest.status), (404, 404));
        for path in [
            format!("{calls}/allocations"),
            format!("{calls}/admissible-amounts"),
            format!("/v1/allocations/{run}"),
            format!("/v1/allocations/{run}/explanation"),
        ] {
            assert_eq!(scratch.get(Some(&stranger), &path).await.status, 404, "{path}");
        }
        let amount = format!("/v1/projects/{}/admissible-amount", call.projects[0]);
        let set = scratch.put(&stranger, &amount, json!({"amount": "1.00", "reason": "x"})).await;
        assert_eq!(set.status, 404);
    });
}

#[test]
fn a_call_is_allocated_once_all_its_projects_are_scored() {
    with_scratch(async |scratch| {
        let call = scratch.real_call().await;
        let ats = scratch.ats();
        scratch
            .run_sql(&format!("UPDATE projects SET state = 'admissible' WHERE id = '{}'", call.projects[3]))
            .await;
        let refused = scratch.allocate(&ats, &call, real_terms()).await;
        assert_eq!((refused.status, refused.refusal().1), (409, "conflict"));
        assert!(refused.body["detail"].as_str().unwrap().contains("2.4"), "{}", refused.body);
        let path = format!("/v1/project-calls/{}/allocations/simulate", call.id);
        let simulated = scratch.post(&ats, &path, real_terms()).await;
        assert_eq!((simulated.status, &simulated.body["waiting"]), (200, &json!(1)));
        let above = json!({"amount": "20000.01", "reason": "x"});
        let amount = format!("/v1/projects/{}/admissible-amount", call.projects[0]);
        assert_eq!(
            scratch.put(&ats, &amount, above).await.refusal(),
            (422, "validation_failed", "/amount", "range")
        );
    });
}

#[test]
fn the_database_keeps_a_run_as_it_was_computed() {
    with_scratch(async |scratch| {
        let call = scratch.real_call().await;
        let run = scratch.allocate(&scratch.ats(), &call, real_terms()).await.id();
        for (statement, why) in [
            (
                format!("UPDATE allocations SET budget = budget + 1, residue = residue + 1 WHERE id = '{run}'"),
                "changed",
            ),
            (format!("DELETE FROM allocations WHERE id = '{run}'"), "append-only"),
            (format!("UPDATE allocation_rows SET position = 99 WHERE allocation_id = '{run}'"), "append-only"),
            (
                format!("UPDATE allocations SET state = 'approved' WHERE id = '{run}'"),
                "allocations_approved_by_act",
            ),
            (
                format!(
                    "UPDATE allocations SET state = 'approved', approved_at = now(), act = 'A', act_date = '2020-07-24', \
                     approved_by = computed_by WHERE id = '{run}'"
                ),
                "allocations_two_persons",
            ),
        ] {
            let refused = scratch.try_sql(&statement).await.expect_err("a refusal");
            assert!(refused.contains(why), "{statement}: {refused}");
        }
    });
}
