//! Plans are public documents that only their agency writes; their parts add up.

use crate::scratch::{call_content, plan_content, with_scratch};
use concilia_kernel::Role;
use serde_json::json;

#[test]
fn a_plan_is_written_by_its_agency_and_read_by_all() {
    with_scratch(async |scratch| {
        let (ats, stranger) = (scratch.ats(), scratch.stranger());
        let made = scratch.post(&ats, "/v1/plans", Some(plan_content())).await.with_status(201);
        let path = format!("/v1/plans/{}", made.id());
        assert_eq!(made.body["address_document"], json!({"act": "Decreto n. 103", "date": "2020-02-28"}));
        assert_eq!(scratch.get(None, &path).await.body["resources"], "214648.00");
        let here = format!("/v1/plans?territory_id={}", scratch.territory_id);
        assert_eq!(scratch.get(None, &here).await.body["items"].as_array().map(Vec::len), Some(1));
        let there = format!("/v1/plans?territory_id={}", scratch.other_territory_id);
        assert_eq!(scratch.get(None, &there).await.body["items"], json!([]));

        // One plan for the same years; another territory has its own.
        let again = scratch.post(&ats, "/v1/plans", Some(plan_content())).await;
        assert_eq!((again.status, again.refusal().1), (409, "already_exists"));
        scratch.post(&stranger, "/v1/plans", Some(plan_content())).await.expect(201);

        // A cent that is missing is told where.
        let mut wrong = plan_content();
        wrong["from_year"] = json!(2024);
        wrong["to_year"] = json!(2026);
        wrong["system_actions"] = json!("42929.59");
        let refused = scratch.post(&ats, "/v1/plans", Some(wrong.clone())).await;
        assert_eq!(refused.refusal(), (422, "validation_failed", "/resources", "sum"));

        let mut changed = plan_content();
        changed["title"] = json!("Piano territoriale 2020-2023");
        assert_eq!(scratch.put(&stranger, &path, "\"1\"", changed.clone()).await.status, 404);
        assert_eq!(scratch.put(&ats, &path, "\"9\"", changed.clone()).await.status, 412);
        let changed = scratch.put(&ats, &path, "\"1\"", changed).await.with_status(200);
        assert_eq!(
            (changed.etag.as_deref(), &changed.body["title"]),
            (Some("\"2\""), &json!("Piano territoriale 2020-2023"))
        );
        let forced = scratch.try_sql("UPDATE plans SET resources = resources + 0.01").await;
        assert!(forced.is_err(), "the database holds the sum");
    });
}

#[test]
fn a_plan_keeps_the_money_of_its_open_calls() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let plan = scratch.plan().await;
        let mut content = call_content(plan);
        content["budget"] = json!("171718.41");
        let refused = scratch.post(&ats, "/v1/project-calls", Some(content.clone())).await;
        assert_eq!(refused.refusal(), (422, "validation_failed", "/budget", "range"));
        content["budget"] = json!("171718.40");
        let call = scratch.post(&ats, "/v1/project-calls", Some(content)).await.created();

        // A draft does not bind the plan; it is checked again when it opens.
        let mut less = plan_content();
        less["resources"] = json!("214647.99");
        less["local_alliances"] = json!("171718.39");
        let path = format!("/v1/plans/{plan}");
        scratch.put(&ats, &path, "\"1\"", less.clone()).await.expect(200);
        let open = format!("/v1/project-calls/{call}/open");
        assert_eq!(scratch.post(&ats, &open, None).await.refusal().1, "conflict");
        scratch.put(&ats, &path, "\"2\"", plan_content()).await.expect(200);
        scratch.post(&ats, &open, None).await.expect(200);
        let refused = scratch.put(&ats, &path, "\"3\"", less).await;
        assert_eq!(refused.refusal(), (422, "validation_failed", "/local_alliances", "range"));
    });
}

#[test]
fn no_euro_of_a_plan_is_promised_to_two_calls() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let plan = scratch.plan().await;
        let mut calls = vec![];
        for (number, budget) in [(1, "100000.00"), (2, "71718.40"), (3, "0.01")] {
            let mut content = call_content(plan);
            content["number"] = json!(number);
            content["budget"] = json!(budget);
            content["maximum_grant"] = json!(null);
            calls.push(scratch.post(&ats, "/v1/project-calls", Some(content)).await.created());
        }
        let open = async |call| scratch.post(&ats, &format!("/v1/project-calls/{call}/open"), None).await;
        open(calls[0]).await.expect(200);
        open(calls[1]).await.expect(200);
        let refused = open(calls[2]).await;
        assert_eq!(refused.refusal().1, "conflict", "nothing is left");
        let forced = format!("UPDATE project_calls SET state = 'open' WHERE id = '{}'", calls[2]);
        assert!(scratch.try_sql(&forced).await.unwrap_err().contains("promises more"));
        // What a cancelled call was promised is free again.
        let reason = json!({"reason": "Annullato"});
        scratch.post(&ats, &format!("/v1/project-calls/{}/cancel", calls[1]), Some(reason)).await.expect(200);
        open(calls[2]).await.expect(200);
    });
}

#[test]
fn a_plan_keeps_the_years_of_its_projects() {
    with_scratch(async |scratch| {
        scratch.admit_alliance().await;
        let call = scratch.open_call().await;
        // From June 2020 to August 2021.
        let project = scratch.ready_project(call, "ALICE").await;
        let plans = scratch.get(None, "/v1/plans").await.expect(200);
        let path = format!("/v1/plans/{}", plans["items"][0]["id"].as_str().unwrap());
        let years = |from: i32, to: i32| {
            let mut content = plan_content();
            content["from_year"] = json!(from);
            content["to_year"] = json!(to);
            content
        };
        let ats = scratch.ats();
        // What is still written does not bind the plan, and is checked when it is proposed.
        scratch.put(&ats, &path, "\"1\"", years(2021, 2023)).await.expect(200);
        let refused = scratch.submit(project, None).await;
        assert_eq!(refused.refusal(), (422, "validation_failed", "/starts_on", "within_plan_years"));
        scratch.put(&ats, &path, "\"2\"", years(2020, 2023)).await.expect(200);
        scratch.submit(project, None).await.expect(200);
        for (changed, pointer) in [(years(2021, 2023), "/from_year"), (years(2020, 2020), "/to_year")] {
            let refused = scratch.put(&ats, &path, "\"3\"", changed).await;
            assert_eq!(refused.refusal(), (422, "validation_failed", pointer, "range"));
        }
        scratch.put(&ats, &path, "\"3\"", years(2020, 2021)).await.expect(200);
        let forced = format!("UPDATE projects SET ends_on = '2022-01-01' WHERE id = '{project}'");
        assert!(
            scratch.try_sql(&forced).await.unwrap_err().contains("years of its plan"),
            "the database holds it"
        );
    });
}

#[test]
fn the_agency_keeps_its_share_of_the_resources() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let with = |resources: &str, local: &str, system: &str| {
            let mut content = plan_content();
            for (field, amount) in
                [("resources", resources), ("local_alliances", local), ("system_actions", system)]
            {
                content[field] = json!(amount);
            }
            content
        };
        let laxer = with("214648.00", "171718.41", "42929.59");
        let refused = scratch.post(&ats, "/v1/plans", Some(laxer.clone())).await;
        assert_eq!(refused.refusal(), (422, "validation_failed", "/system_actions", "share"));
        // 20% of 214,648.03 is 42,929.606.
        let plan =
            scratch.post(&ats, "/v1/plans", Some(with("214648.03", "171718.42", "42929.61"))).await.created();
        let path = format!("/v1/plans/{plan}");
        assert_eq!(scratch.put(&ats, &path, "\"1\"", laxer).await.refusal().2, "/system_actions");

        // Another share is for the plans to come, and for this one once its money changes.
        let choice = json!({"lead_kinds": "public_or_nonprofit", "system_actions_share": "0.25"});
        let chosen = scratch.put(&ats, "/v1/planning-settings", "\"0\"", choice).await.expect(200);
        assert_eq!(chosen["system_actions_share"], "0.25");
        let kept = with("214648.03", "171718.42", "42929.61");
        scratch.put(&ats, &path, "\"1\"", kept).await.expect(200);
        let twenty = with("214648.00", "171718.40", "42929.60");
        assert_eq!(scratch.put(&ats, &path, "\"2\"", twenty).await.refusal().3, "share");
        scratch.put(&ats, &path, "\"2\"", with("214648.00", "160986.00", "53662.00")).await.expect(200);
        let forced = scratch.try_sql(
            "UPDATE plans SET local_alliances = local_alliances - 0.01, system_actions = system_actions + 0.01",
        );
        assert!(forced.await.unwrap_err().contains("of the resources"), "the database holds the share");
    });
}

#[test]
fn who_may_lead_is_the_territorys_choice_unless_a_call_says() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let chosen = scratch.get(Some(&ats), "/v1/planning-settings").await;
        assert_eq!(
            (chosen.etag.as_deref(), &chosen.body["lead_kinds"]),
            (Some("\"0\""), &json!("public_or_nonprofit"))
        );
        let public_only = json!({"lead_kinds": "public_only", "system_actions_share": "0.20"});
        assert_eq!(scratch.put(&ats, "/v1/planning-settings", "\"1\"", public_only.clone()).await.status, 412);
        let changed =
            scratch.put(&ats, "/v1/planning-settings", "\"0\"", public_only.clone()).await.with_status(200);
        assert_eq!((changed.etag.as_deref(), &changed.body["lead_kinds"]), (Some("\"1\""), &json!("public_only")));
        assert_eq!(scratch.put(&ats, "/v1/planning-settings", "\"0\"", public_only).await.status, 412);
        let elsewhere = scratch.get(Some(&scratch.stranger()), "/v1/planning-settings").await;
        assert_eq!(elsewhere.body["lead_kinds"], "public_or_nonprofit");

        assert_eq!(scratch.draft(|_| ()).await.body["lead_kinds"], "public_only");
        let plans = scratch.get(None, "/v1/plans").await;
        let mut own = call_content(plans.body["items"][0]["id"].as_str().unwrap().parse().unwrap());
        own["lead_kinds"] = json!("public_or_nonprofit");
        let made = scratch.post(&ats, "/v1/project-calls", Some(own)).await.expect(201);
        assert_eq!(made["lead_kinds"], "public_or_nonprofit");
        assert!(
            scratch.get(Some(&scratch.actor(Role::Evaluator, scratch.lead_id)), "/v1/plans").await.status == 200
        );
    });
}
