//! Actions: their budgets out of the plan's, their states, who sees and changes them.

use crate::scratch::{action_content, with_scratch};
use concilia_kernel::{Role, new_id};
use serde_json::{Value, json};

#[test]
fn an_action_is_planned_started_changed_and_ends() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let mut content = action_content(scratch.plan_id, "12000.00");
        content["years"] = json!([
            {"year": 2020, "planned": "5000.00", "expected_people": 60, "expected_companies": 5},
            {"year": 2021, "planned": "7000.00", "expected_people": 120, "expected_companies": 10}]);
        content["cofinancing"] =
            json!([{"organisation_id": scratch.company_id, "monetary": "500.00", "in_kind": "1500.00"}]);
        let made = scratch.post(&ats, "/v1/actions", content.clone()).await;
        assert_eq!((made.status, made.etag.as_deref()), (201, Some("\"1\"")), "{}", made.body);
        assert_eq!(made.body["available"], "12000.00");
        assert_eq!(made.body["intervention_types"], json!(["d", "a"]));
        assert_eq!(made.body["years"], content["years"]);
        assert_eq!(made.body["cofinancing"], content["cofinancing"]);
        let path = format!("/v1/actions/{}", made.id());
        assert_eq!(scratch.get(Some(&scratch.worker()), &path).await.body["title"], "Formazione alle imprese");
        assert_eq!(scratch.get(Some(&scratch.stranger(Role::Ats)), &path).await.status, 404);

        content["title"] = json!(" Formazione ");
        content["years"] = json!([content["years"][1]]);
        content["cofinancing"] = json!([]);
        assert_eq!(scratch.put(&ats, &path, "\"7\"", content.clone()).await.status, 412);
        let changed = scratch.put(&ats, &path, "\"1\"", content.clone()).await;
        assert_eq!((changed.status, changed.etag.as_deref()), (200, Some("\"2\"")), "{}", changed.body);
        assert_eq!((&changed.body["title"], &changed.body["cofinancing"]), (&json!("Formazione"), &json!([])));
        assert_eq!(changed.body["years"].as_array().map(Vec::len), Some(1));
        let foreign = scratch.stranger(Role::Ats);
        assert_eq!(scratch.put(&foreign, &path, "\"2\"", content.clone()).await.status, 404);

        assert_eq!(scratch.act(&ats, &format!("{path}/conclude")).await.code(), (409, "transition_not_allowed"));
        assert_eq!(scratch.act(&ats, &format!("{path}/start")).await.body["state"], "running");
        assert_eq!(scratch.act(&ats, &format!("{path}/start")).await.code(), (409, "transition_not_allowed"));
        assert_eq!(scratch.act(&ats, &format!("{path}/conclude")).await.body["state"], "concluded");
        assert_eq!(scratch.put(&ats, &path, "\"4\"", content).await.code(), (409, "transition_not_allowed"));
        let cancel = scratch.post(&ats, &format!("{path}/cancel"), json!({"reason": "Tardi"})).await;
        assert_eq!(cancel.code(), (409, "transition_not_allowed"));

        let listed =
            scratch.get(Some(&ats), &format!("/v1/actions?plan_id={}&state=concluded", scratch.plan_id)).await;
        assert_eq!(listed.expect(200)["items"].as_array().map(Vec::len), Some(1));
        let none = scratch.get(Some(&foreign), "/v1/actions").await;
        assert_eq!(none.expect(200)["items"], json!([]));
    });
}

#[test]
fn the_budgets_of_a_plan_are_never_above_what_it_keeps_for_its_actions() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let make =
            async |budget: &str| scratch.post(&ats, "/v1/actions", action_content(scratch.plan_id, budget)).await;
        assert_eq!(make("42929.61").await.code(), (409, "insufficient_balance"));
        let first = make("42929.60").await.id();
        assert_eq!(make("0.01").await.code(), (409, "insufficient_balance"));

        // Less for one is more for another; what a cancelled one has not paid is free again.
        let path = format!("/v1/actions/{first}");
        scratch.put(&ats, &path, "\"1\"", action_content(scratch.plan_id, "20000.00")).await.expect(200);
        let second = make("22929.60").await.id();
        let raised = scratch.put(&ats, &path, "\"2\"", action_content(scratch.plan_id, "20000.01")).await;
        assert_eq!(raised.code(), (409, "insufficient_balance"));
        let reason = json!({"reason": "Non più necessaria"});
        scratch.post(&ats, &format!("/v1/actions/{second}/cancel"), reason).await.expect(200);
        scratch.put(&ats, &path, "\"2\"", action_content(scratch.plan_id, "42929.60")).await.expect(200);

        // The database has the last word, on either side.
        let raised =
            scratch.try_sql(&format!("UPDATE actions SET budget = budget + 0.01 WHERE id = '{first}'")).await;
        assert!(raised.unwrap_err().contains("exceed"));
        let lowered = scratch
            .try_sql("UPDATE plans SET resources = resources - 0.01, system_actions = system_actions - 0.01")
            .await;
        assert!(lowered.unwrap_err().contains("already have more"));
        let raised = "UPDATE plans SET resources = resources + 5, local_alliances = local_alliances + 4, \
             system_actions = system_actions + 1";
        assert!(scratch.try_sql(raised).await.is_ok());
    });
}

#[test]
fn twelve_actions_at_once_share_what_is_there() {
    with_scratch(async |scratch| {
        let content = action_content(scratch.plan_id, "10000.00");
        let officers: Vec<_> = (0..12).map(|_| scratch.ats()).collect();
        let made = futures_util::future::join_all(
            officers.iter().map(|ats| scratch.post(ats, "/v1/actions", content.clone())),
        )
        .await;
        let won = made.iter().filter(|answer| answer.status == 201).count();
        let lost = made.iter().filter(|answer| answer.code() == (409, "insufficient_balance")).count();
        assert_eq!((won, lost), (4, 8), "EUR 42,929.60 in pieces of 10,000");

        // Raises that race with each other and with a new one.
        let ids: Vec<_> =
            made.iter().filter(|answer| answer.status == 201).map(crate::scratch::Answer::id).collect();
        let raises = ids.iter().map(|id| {
            let raised = action_content(scratch.plan_id, "12929.60");
            let path = format!("/v1/actions/{id}");
            let (scratch, ats) = (&scratch, &officers[0]);
            async move { scratch.put(ats, &path, "\"1\"", raised).await }
        });
        let raised = futures_util::future::join_all(raises).await;
        assert_eq!(raised.iter().filter(|answer| answer.status == 200).count(), 1);
        let codes: Vec<_> =
            raised.iter().filter(|answer| answer.status != 200).map(|a| a.code().1.to_owned()).collect();
        assert_eq!(codes, ["insufficient_balance"; 3]);
    });
}

#[test]
fn a_cross_cutting_action_ties_two_projects_together() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let mut content = action_content(scratch.plan_id, "1000.00");
        content["kind"] = json!("cross_cutting");
        content["project_ids"] = json!([scratch.project_ids[0], new_id()]);
        let unknown = scratch.post(&ats, "/v1/actions", content.clone()).await;
        assert_eq!((unknown.status, unknown.fault()), (422, ("/project_ids/1", "not_found")));
        content["project_ids"] = json!([scratch.project_ids[0]]);
        let made = scratch.post(&ats, "/v1/actions", content.clone()).await;
        let path = format!("/v1/actions/{}", made.id());
        assert_eq!(scratch.act(&ats, &format!("{path}/start")).await.code(), (409, "conflict"));
        content["project_ids"] = json!(scratch.project_ids);
        let tied = scratch.put(&ats, &path, "\"1\"", content.clone()).await.expect(200);
        assert_eq!(tied["project_ids"].as_array().map(Vec::len), Some(2));
        scratch.act(&ats, &format!("{path}/start")).await.expect(200);
        content["project_ids"] = json!([]);
        assert_eq!(scratch.put(&ats, &path, "\"3\"", content.clone()).await.code(), (409, "conflict"));
        content["kind"] = json!("system");
        let other = scratch.put(&ats, &path, "\"3\"", content.clone()).await;
        assert_eq!((other.status, other.fault()), (422, ("/kind", "immutable")));
        content["plan_id"] = json!(new_id());
        let unknown = scratch.post(&ats, "/v1/actions", content).await;
        assert_eq!((unknown.status, unknown.fault()), (422, ("/plan_id", "not_found")));
    });
}

#[test]
fn references_and_years_are_checked_one_by_one() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let refused = async |field: &str, value: Value| {
            let mut content = action_content(scratch.plan_id, "1000.00");
            content[field] = value;
            let refused = scratch.post(&ats, "/v1/actions", content).await;
            assert_eq!(refused.status, 422, "{}", refused.body);
            let (pointer, code) = refused.fault();
            (pointer.to_owned(), code.to_owned())
        };
        let year = json!([{"year": 2024, "planned": "0.00", "expected_people": 0, "expected_companies": 0}]);
        assert_eq!(refused("years", year).await, ("/years/0/year".to_owned(), "range".to_owned()));
        let line = json!([{"organisation_id": new_id(), "monetary": "1.00", "in_kind": "0.00"}]);
        let unknown = ("/cofinancing/0/organisation_id".to_owned(), "not_found".to_owned());
        assert_eq!(refused("cofinancing", line).await, unknown);
        let foreign = scratch.stranger(Role::Ats);
        let elsewhere = scratch.post(&foreign, "/v1/actions", action_content(scratch.plan_id, "1.00")).await;
        assert_eq!(elsewhere.fault(), ("/plan_id", "not_found"));
    });
}
