//! Submitting a project, being asked for integrations, being found admissible or not.

use crate::alliance::{activities, budget, content};
use crate::scratch::{Scratch, with_scratch};
use concilia_kernel::transition::Agent;
use concilia_kernel::{Role, new_id};
use concilia_planning::{ProjectMove, ProjectState, find_project, move_project, move_projects};
use diesel_async::SimpleAsyncConnection;
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

fn pairs(broken: &[(&str, &str)]) -> Vec<(String, String)> {
    broken.iter().map(|(rule, pointer)| ((*rule).to_owned(), (*pointer).to_owned())).collect()
}

#[test]
fn what_is_missing_is_shown_while_drafting_and_blocks_the_submission() {
    with_scratch(async |scratch| {
        scratch.admit(&[scratch.lead_id]).await;
        let call = scratch.open_call().await;
        let id = scratch.draft_project(call, "ALICE").await.created();
        assert_eq!(
            scratch.broken_rules(id).await,
            pairs(&[("budget_not_empty", "/budget/total"), ("has_activities", "/activities")])
        );
        let [company, _] = scratch.partner_ids;
        scratch.add_partner(id, company, "implementing", None).await.expect(201);
        scratch.put_part(id, "/budget", budget(&[("coordination", "9000.00")])).await.expect(200);
        scratch.put_line(&scratch.lead(), id, company, ("17142.84", "0.00")).await.expect(200);
        // Its plan ends in 2023.
        let mut long = content("ALICE");
        long["ends_on"] = json!("2024-01-31");
        scratch.put_part(id, "", long).await.expect(200);
        let outside = ("within_plan_years".to_owned(), "/ends_on".to_owned());
        assert!(scratch.broken_rules(id).await.contains(&outside));
        scratch.put_part(id, "", content("ALICE")).await.expect(200);
        let late = json!({"activities": [{"title": "Tardi", "months": ["2021-09"],
                                          "targets": [{"year": 2022, "measure": "people", "expected": 1}]}]});
        scratch.put_part(id, "/activities", late).await.expect(200);
        let broken = pairs(&[
            ("budget_adds_up", "/budget/requested_grant"),
            ("coordination_limit", "/budget/coordination"),
            ("cofinancing_minimum", "/budget/cofinancing"),
            ("cofinancing_signed_off", "/cofinancing/0/signed_off_at"),
            ("partners_are_members", "/partners/0"),
            ("mandates_signed", "/partners/0/mandate_on"),
            ("months_within_project", "/activities/0/months/0"),
            ("targets_within_project", "/activities/0/targets/0/year"),
        ]);
        assert_eq!(scratch.broken_rules(id).await, broken);
        let refused = scratch.submit(id, None).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        let errors = refused.body["errors"].as_array().unwrap();
        let told: Vec<(&str, &str)> =
            errors.iter().map(|e| (e["code"].as_str().unwrap(), e["pointer"].as_str().unwrap())).collect();
        assert_eq!(
            told,
            broken.iter().map(|(rule, pointer)| (rule.as_str(), pointer.as_str())).collect::<Vec<_>>()
        );
        assert_eq!(errors[2]["value"], "17142.84");
        assert!(errors[2]["detail"].as_str().unwrap().ends_with("atteso almeno 17142.85"), "{}", errors[2]);
        assert_eq!(scratch.project(id).await.body["state"], "draft");
    });
}

#[test]
fn a_project_is_submitted_integrated_and_admitted_and_its_versions_tell_how_it_changed() {
    with_scratch(async |scratch| {
        scratch.admit_alliance().await;
        let call = scratch.open_call().await;
        let id = scratch.ready_project(call, "ALICE").await;
        assert_eq!(scratch.broken_rules(id).await, []);
        assert_eq!(
            scratch.submit(id, Some("?")).await.refusal(),
            (422, "validation_failed", "/answer", "no_integration_requested")
        );
        assert_eq!(scratch.act(id, "admit", None).await.refusal().1, "transition_not_allowed");
        let submitted = scratch.submit(id, None).await.expect(200);
        assert_eq!(submitted["state"], "submitted");
        assert!(submitted["submitted_at"].is_string());

        let past = json!({"request": "Manca un allegato", "due_at": "2020-01-01T00:00:00Z"});
        assert_eq!(scratch.act(id, "request-integration", Some(past)).await.refusal().2, "/due_at");
        let asked = json!({"request": "Manca un allegato", "due_at": "2098-01-01T00:00:00Z"});
        let asked = scratch.act(id, "request-integration", Some(asked)).await.expect(200);
        assert_eq!(asked["integration_requests"][0]["answered_at"], json!(null));
        let time_left = scratch.act(id, "declare-inadmissible", Some(json!({"reason": "Non risponde"}))).await;
        assert_eq!(time_left.refusal().1, "conflict");

        // The call closes; the integrations are still taken.
        scratch.let_it_expire(call).await;
        let mut changed = activities();
        changed["activities"][1]["months"] = json!(["2020-06"]);
        scratch.put_part(id, "/activities", changed).await.expect(200);
        scratch
            .put_part(id, "/budget", budget(&[("services", "41000.00"), ("goods", "1000.00")]))
            .await
            .expect(200);
        assert_eq!(scratch.submit(id, None).await.refusal(), (422, "validation_failed", "/answer", "required"));
        let again = scratch.submit(id, Some("Ecco l'allegato.")).await.expect(200);
        assert_eq!(again["integration_requests"][0]["answer"], "Ecco l'allegato.");
        assert_eq!(again["submitted_at"], submitted["submitted_at"], "the first submission counts");
        let admitted = scratch.act(id, "admit", None).await.expect(200);
        let states: Vec<&str> = admitted["history"]
            .as_array()
            .unwrap()
            .iter()
            .map(|step| step["to_state"].as_str().unwrap())
            .collect();
        assert_eq!(states, ["draft", "submitted", "integration_requested", "submitted", "admissible"]);

        let lead = scratch.lead();
        let path = format!("/v1/projects/{id}");
        let versions = scratch.get(Some(&lead), &format!("{path}/versions")).await.expect(200);
        let reasons: Vec<_> =
            versions["items"].as_array().unwrap().iter().map(|v| (&v["number"], &v["reason"])).collect();
        assert_eq!(reasons, [(&json!(1), &json!("submitted")), (&json!(2), &json!("integrated"))]);
        let first = scratch.get(Some(&lead), &format!("{path}/versions/1")).await.expect(200);
        assert_eq!(first["project"]["budget"]["services"], "42000.00");
        assert_eq!(scratch.get(Some(&lead), &format!("{path}/versions/3")).await.status, 404);
        let changes = scratch.get(Some(&lead), &format!("{path}/changes?from=1&to=2")).await.expect(200);
        let told: Vec<(&str, &str)> = changes["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| (change["pointer"].as_str().unwrap(), change["after"].as_str().unwrap_or("-")))
            .filter(|(pointer, _)| pointer.starts_with("/budget"))
            .collect();
        assert_eq!(told, [("/budget/goods", "1000.00"), ("/budget/services", "41000.00")]);
        let now = scratch.get(Some(&lead), &format!("{path}/changes?from=2")).await.expect(200);
        assert_eq!(now["changes"], json!([]));
    });
}

#[test]
fn integrations_that_do_not_come_in_time_end_the_proposal() {
    with_scratch(async |scratch| {
        scratch.admit_alliance().await;
        let call = scratch.open_call().await;
        let id = scratch.submitted(call, "ALICE").await;
        let asked = json!({"request": "Manca un allegato", "due_at": "2098-01-01T00:00:00Z"});
        scratch.act(id, "request-integration", Some(asked)).await.expect(200);
        // Whatever it wrote meanwhile, here an end after the plan's, it can be turned down.
        let mut long = content("ALICE");
        long["ends_on"] = json!("2024-01-31");
        scratch.put_part(id, "", long).await.expect(200);
        scratch
            .run_sql(&format!(
                "UPDATE integration_requests SET requested_at = now() - interval '2 days', \
                   due_at = now() - interval '1 day' WHERE project_id = '{id}'"
            ))
            .await;
        assert_eq!(scratch.submit(id, Some("Tardi")).await.refusal().1, "conflict");
        assert_eq!(scratch.act(id, "admit", None).await.refusal().1, "transition_not_allowed");
        let ended =
            scratch.act(id, "declare-inadmissible", Some(json!({"reason": "Non ha risposto"}))).await.expect(200);
        assert_eq!(ended["state"], "inadmissible");
        assert_eq!(ended["history"].as_array().unwrap().last().unwrap()["reason"], "Non ha risposto");
    });
}

#[test]
fn two_submissions_at_once_are_one() {
    with_scratch(async |scratch| {
        scratch.admit_alliance().await;
        let call = scratch.open_call().await;
        for round in 0..4 {
            let id = scratch.ready_project(call, &format!("Gara {round}")).await;
            let (one, other) = tokio::join!(scratch.submit(id, None), scratch.submit(id, None));
            let mut statuses = [one.status, other.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 409], "{} {}", one.body, other.body);
            let loser = if one.status == 409 { one } else { other };
            assert_eq!(loser.refusal().1, "transition_not_allowed");
            let versions = scratch.get(Some(&scratch.lead()), &format!("/v1/projects/{id}/versions")).await;
            assert_eq!(versions.body["items"].as_array().unwrap().len(), 1);
        }
    });
}

/// Closes the call's clock `after` from now, by an act of extension that the guard asks for.
async fn close_in(scratch: &Scratch, call: Uuid, after: &str) {
    scratch
        .run_sql(&format!(
            "ALTER TABLE project_calls DISABLE TRIGGER project_calls_guarded; \
             UPDATE project_calls SET closes_at = clock_timestamp() + interval '{after}' WHERE id = '{call}'; \
             ALTER TABLE project_calls ENABLE TRIGGER project_calls_guarded"
        ))
        .await;
}

#[test]
fn a_clock_that_closes_the_call_while_a_submission_waits_closes_it_for_that_submission() {
    with_scratch(async |scratch| {
        scratch.admit_alliance().await;
        let call = scratch.open_call().await;
        let id = scratch.ready_project(call, "ALICE").await;
        // The submission begins before the closing instant, waits for the call, and gets it after.
        let mut holder = scratch.connect().await;
        close_in(&scratch, call, "1500 milliseconds").await;
        holder
            .batch_execute(&format!("BEGIN; SELECT 1 FROM project_calls WHERE id = '{call}' FOR UPDATE"))
            .await
            .unwrap();
        let release = async {
            tokio::time::sleep(Duration::from_millis(2500)).await;
            holder.batch_execute("COMMIT").await.unwrap();
        };
        let (refused, ()) = tokio::join!(scratch.submit(id, None), release);
        assert_eq!(refused.refusal().1, "call_not_open", "{}", refused.body);
        assert_eq!(scratch.project(id).await.body["state"], "draft");
    });
}

#[test]
fn a_submission_that_has_the_call_is_not_overtaken_by_its_closing() {
    with_scratch(async |scratch| {
        scratch.admit_alliance().await;
        let call = scratch.open_call().await;
        let id = scratch.ready_project(call, "ALICE").await;
        // The project is held elsewhere: the submission has the call, its instant is read, and then it waits.
        let mut holder = scratch.connect().await;
        holder
            .batch_execute(&format!("BEGIN; SELECT 1 FROM projects WHERE id = '{id}' FOR UPDATE"))
            .await
            .unwrap();
        let close = async {
            tokio::time::sleep(Duration::from_millis(700)).await;
            let ats = scratch.ats();
            let path = format!("/v1/project-calls/{call}/close");
            let closing = scratch.post(&ats, &path, Some(json!({"reason": "Termine raggiunto"})));
            let release = async {
                tokio::time::sleep(Duration::from_millis(700)).await;
                holder.batch_execute("COMMIT").await.unwrap();
            };
            tokio::join!(closing, release).0
        };
        let (submitted, closed) = tokio::join!(scratch.submit(id, None), close);
        assert_eq!((submitted.status, closed.status), (200, 200), "{} {}", submitted.body, closed.body);
        let other = scratch.draft_project(call, "Dopo").await;
        assert_eq!(other.refusal().1, "call_not_open");
    });
}

#[test]
fn a_whole_allocation_moves_together_or_not_at_all() {
    with_scratch(async |scratch| {
        scratch.admit_alliance().await;
        let call = scratch.open_call().await;
        let (one, two) = (scratch.submitted(call, "Uno").await, scratch.submitted(call, "Due").await);
        let territory = scratch.territory_id;
        let agent = Agent::of(&scratch.ats(), Role::Ats);
        let mut conn = scratch.connect().await;
        let step = |project_id, from, to| ProjectMove { project_id, from, to };
        let (submitted, admissible, scored) =
            (ProjectState::Submitted, ProjectState::Admissible, ProjectState::Scored);
        let both = [step(one, submitted, admissible), step(two, submitted, admissible)];
        move_projects(&mut conn, territory, &both, agent, Some("insieme")).await.unwrap();
        let seen = find_project(&mut conn, territory, one).await.unwrap().unwrap();
        let moved = move_project(&mut conn, territory, one, (admissible, scored), agent, None).await.unwrap();
        assert_eq!((moved.state, moved.version), (scored, seen.version + 1));
        // The first has gone on meanwhile, so neither moves.
        let both = [step(two, admissible, scored), step(one, admissible, scored)];
        let refused = move_projects(&mut conn, territory, &both, agent, None).await.unwrap_err();
        assert_eq!(refused.code().as_str(), "transition_not_allowed");
        assert_eq!(find_project(&mut conn, territory, two).await.unwrap().unwrap().state, admissible);
        let unknown =
            move_projects(&mut conn, territory, &[step(new_id(), admissible, scored)], agent, None).await;
        assert_eq!(unknown.unwrap_err().code().as_str(), "not_found");
        let history = scratch.project(two).await.body["history"].clone();
        let last = history.as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["to_state"], &last["reason"]), (&json!("admissible"), &json!("insieme")));
        let told =
            scratch.count(&format!("outbox WHERE aggregate_id = '{two}' AND event = 'project.admissible'")).await;
        assert_eq!(told, 1);
    });
}
