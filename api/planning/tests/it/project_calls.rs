//! The life of a project call, and who may see and move it.

use crate::scratch::{call_content, with_scratch};
use actix_web::http::Method;
use concilia_kernel::transition::{Agent, history};
use concilia_kernel::{Role, new_id};
use concilia_planning::{ProjectCallState, close_due_project_calls, find_project_call, move_project_call};
use futures_util::future::join_all;
use serde_json::{Value, json};

#[test]
fn a_call_is_written_opened_frozen_closed_and_evaluated() {
    with_scratch(async |scratch| {
        let (ats, evaluator) = (scratch.ats(), scratch.actor(Role::Evaluator, scratch.lead_id));
        let draft = scratch.draft(|_| ()).await;
        assert_eq!((draft.etag.as_deref(), &draft.body["number"]), (Some("\"1\""), &json!(1)));
        assert_eq!(draft.body["maximum_score"], "22.50");
        assert_eq!(
            (&draft.body["coordination_limit"], &draft.body["cofinancing_minimum"]),
            (&json!("0.15"), &json!("0.30"))
        );
        let path = format!("/v1/project-calls/{}", draft.id());

        // A draft is seen by its agency only.
        for stranger in [None, Some(&evaluator), Some(&scratch.stranger())] {
            assert_eq!(scratch.get(stranger, &path).await.status, 404);
            assert_eq!(scratch.get(stranger, "/v1/project-calls").await.body["items"], json!([]));
        }
        assert_eq!(scratch.get(Some(&ats), &path).await.status, 200);
        let drafts = scratch.get(Some(&ats), "/v1/project-calls?state=draft").await;
        assert_eq!(drafts.body["items"].as_array().map(Vec::len), Some(1));

        // It changes by its version, grid included.
        let mut content = call_content(draft.body["plan_id"].as_str().unwrap().parse().unwrap());
        content["criteria"] = json!([{"code": "cofinancing", "title": "Cofinanziamento", "maximum": "25.00"}]);
        content["number"] = json!(2);
        assert_eq!(scratch.put(&ats, &path, "\"7\"", content.clone()).await.status, 412);
        assert_eq!(scratch.call(Some(&ats), Method::PUT, &path, Some(content.clone()), &[]).await.status, 428);
        let changed = scratch.put(&ats, &path, "\"1\"", content.clone()).await.expect(200);
        assert_eq!((&changed["maximum_score"], &changed["number"]), (&json!("25.00"), &json!(2)));
        content["plan_id"] = json!(new_id());
        let unknown = scratch.put(&ats, &path, "\"2\"", content.clone()).await;
        assert_eq!(unknown.refusal(), (422, "validation_failed", "/plan_id", "not_found"));

        // Open, it is public and frozen, even for whoever reaches the database.
        let act = async |verb: &str| scratch.post(&ats, &format!("{path}/{verb}"), None).await;
        assert_eq!(scratch.post(&scratch.stranger(), &format!("{path}/open"), None).await.status, 404);
        assert_eq!(act("start-evaluation").await.refusal().1, "transition_not_allowed");
        let opened = act("open").await.with_status(200);
        assert_eq!((&opened.body["state"], opened.body["published_at"].is_string()), (&json!("open"), true));
        assert_eq!(act("open").await.refusal().1, "transition_not_allowed");
        let seen = scratch.get(None, &path).await.with_status(200);
        assert_eq!(seen.etag, opened.etag);
        let again = [("if-none-match", seen.etag.as_deref().unwrap())];
        assert_eq!(scratch.call(None, Method::GET, &path, None, &again).await.status, 304);
        assert_eq!(scratch.put(&ats, &path, "\"3\"", content).await.refusal().1, "transition_not_allowed");
        for change in [
            "UPDATE project_calls SET budget = budget - 1",
            "UPDATE project_calls SET closes_at = closes_at + interval '1 day'",
            "UPDATE project_calls SET state = 'draft', published_at = NULL",
            "UPDATE evaluation_criteria SET maximum = maximum + 1",
            "DELETE FROM evaluation_criteria",
        ] {
            assert!(scratch.try_sql(change).await.is_err(), "{change}");
        }

        // Closing takes a reason; evaluation follows, and nothing reopens it.
        let reason = json!({"reason": "Termine raggiunto"});
        assert_eq!(scratch.post(&ats, &format!("{path}/close"), Some(json!({}))).await.status, 400);
        let closed = scratch.post(&ats, &format!("{path}/close"), Some(reason.clone())).await.expect(200);
        assert_eq!(closed["state"], "closed");
        assert_eq!(act("open").await.refusal().1, "transition_not_allowed");
        assert_eq!(act("start-evaluation").await.expect(200)["state"], "evaluating");
        assert_eq!(act("archive").await.refusal().1, "transition_not_allowed");
        let mut conn = scratch.connect().await;
        let awarded = (ProjectCallState::Evaluating, ProjectCallState::Awarded);
        move_project_call(&mut conn, scratch.territory_id, draft.id(), awarded, Agent::SYSTEM, None)
            .await
            .unwrap();
        let late = scratch.post(&ats, &format!("{path}/cancel"), Some(reason)).await;
        assert_eq!(late.refusal().1, "transition_not_allowed");
        assert_eq!(act("archive").await.expect(200)["state"], "archived");
        let moves = history(&mut conn, scratch.territory_id, draft.id()).await.unwrap();
        let moves: Vec<_> = moves.iter().map(|m| (m.to_state.as_str(), m.actor_role.as_str())).collect();
        assert_eq!(
            moves,
            [
                ("draft", "ats"),
                ("open", "ats"),
                ("closed", "ats"),
                ("evaluating", "ats"),
                ("awarded", "system"),
                ("archived", "ats")
            ]
        );
    });
}

#[test]
fn an_extension_takes_an_act_and_reopens_a_closed_call_until_it_is_evaluated() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let call = scratch.open_call().await;
        let path = format!("/v1/project-calls/{call}");
        let extend = async |act: &str, day: &str, closes_at: &str| {
            let body = json!({"act": act, "act_date": day, "closes_at": closes_at});
            scratch.post(&ats, &format!("{path}/extend"), Some(body)).await
        };
        let first = extend("Decreto n. 1", "2020-04-27", "2098-06-15T10:00:00Z").await.expect(200);
        assert_eq!(first["closes_at"], "2098-06-15T10:00:00Z");
        assert_eq!(
            first["extensions"],
            json!([{"act": "Decreto n. 1", "act_date": "2020-04-27", "previous_closes_at": "2098-05-15T10:00:00Z",
                    "closes_at": "2098-06-15T10:00:00Z"}])
        );
        assert_eq!(
            extend("Decreto n. 1", "2020-04-27", "2098-07-01T10:00:00Z").await.refusal().1,
            "already_exists"
        );
        let earlier = extend("Decreto n. 2", "2020-04-27", "2098-06-15T10:00:00Z").await;
        assert_eq!(earlier.refusal(), (422, "validation_failed", "/closes_at", "range"));
        let future = extend("Decreto n. 2", "2098-04-27", "2098-07-01T10:00:00Z").await;
        assert_eq!(future.refusal(), (422, "validation_failed", "/act_date", "in_future"));
        assert!(scratch.try_sql("DELETE FROM project_call_extensions").await.is_err(), "acts stay");

        // Closed by time, it opens again by an act; an instant that has passed cannot be the new closing.
        scratch.let_it_expire(call).await;
        let mut conn = scratch.connect().await;
        assert_eq!(close_due_project_calls(&mut conn).await.unwrap(), 1);
        assert_eq!(close_due_project_calls(&mut conn).await.unwrap(), 0);
        let past = extend("Decreto n. 2", "2020-05-27", "2020-07-01T10:00:00Z").await;
        assert_eq!(past.status, 422);
        let reopened = extend("Decreto n. 2", "2020-05-27", "2098-07-01T10:00:00Z").await.expect(200);
        assert_eq!((&reopened["state"], reopened["extensions"].as_array().unwrap().len()), (&json!("open"), 2));
        let moves = history(&mut conn, scratch.territory_id, call).await.unwrap();
        let moves: Vec<_> = moves.iter().map(|m| (m.to_state.as_str(), m.reason.as_deref())).collect();
        assert_eq!(moves, [("draft", None), ("open", None), ("closed", None), ("open", Some("Decreto n. 2"))]);

        // Once evaluated, no act helps. An expired call need not wait for the sweeper to be evaluated.
        scratch.let_it_expire(call).await;
        let started = scratch.post(&ats, &format!("{path}/start-evaluation"), None).await.expect(200);
        assert_eq!(started["state"], "evaluating");
        let late = extend("Decreto n. 3", "2020-06-27", "2098-08-01T10:00:00Z").await;
        assert_eq!(late.refusal().1, "transition_not_allowed");
    });
}

#[test]
fn a_cancelled_draft_never_becomes_public() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let reason = json!({"reason": "Risorse revocate"});
        let draft = scratch.draft(|_| ()).await.id();
        let cancel =
            async |id| scratch.post(&ats, &format!("/v1/project-calls/{id}/cancel"), Some(reason.clone())).await;
        assert_eq!(cancel(draft).await.expect(200)["state"], "cancelled");
        assert_eq!(scratch.get(None, &format!("/v1/project-calls/{draft}")).await.status, 404);
        let mut content = call_content(
            scratch.get(None, "/v1/plans").await.body["items"][0]["id"].as_str().unwrap().parse().unwrap(),
        );
        content["number"] = json!(7);
        let open = scratch.post(&ats, "/v1/project-calls", Some(content.clone())).await.created();
        let taken = scratch.post(&ats, "/v1/project-calls", Some(content.clone())).await;
        assert_eq!(taken.refusal(), (409, "already_exists", "/number", "already_exists"));
        scratch.post(&ats, &format!("/v1/project-calls/{open}/open"), None).await.expect(200);
        assert_eq!(cancel(open).await.expect(200)["state"], "cancelled");
        assert_eq!(scratch.get(None, &format!("/v1/project-calls/{open}")).await.body["state"], "cancelled");
        let listed = scratch.get(None, "/v1/project-calls").await;
        assert_eq!(listed.body["items"].as_array().map(Vec::len), Some(1));
        let mut conn = scratch.connect().await;
        let moves = history(&mut conn, scratch.territory_id, open).await.unwrap();
        assert_eq!(moves.last().unwrap().reason.as_deref(), Some("Risorse revocate"));

        // The next call is numbered after the last, however many are made together.
        content["number"] = json!(null);
        let made = join_all((0..4).map(|_| scratch.post(&ats, "/v1/project-calls", Some(content.clone())))).await;
        let mut numbers: Vec<_> = made.iter().map(|made| made.body["number"].as_i64().unwrap()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [8, 9, 10, 11]);
    });
}

#[test]
fn two_officers_moving_a_call_at_once_end_in_one_move_and_one_refusal() {
    with_scratch(async |scratch| {
        let ats = [scratch.ats(), scratch.ats()];
        let call = scratch.open_call().await;
        let path = format!("/v1/project-calls/{call}");
        let reason = |text: &str| Some(json!({"reason": text}));
        let close = format!("{path}/close");
        let (one, two) = tokio::join!(
            scratch.post(&ats[0], &close, reason("uno")),
            scratch.post(&ats[1], &close, reason("due"))
        );
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let extend = async |act: &str| {
            let body = json!({"act": act, "act_date": "2020-04-27", "closes_at": "2098-06-15T10:00:00Z"});
            scratch.post(&ats[0], &format!("{path}/extend"), Some(body)).await
        };
        let (one, two) = tokio::join!(extend("Decreto n. 1"), extend("Decreto n. 2"));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422], "the second no longer extends: {} {}", one.body, two.body);
        let mut conn = scratch.connect().await;
        let found = find_project_call(&mut conn, scratch.territory_id, call).await.unwrap().unwrap();
        assert_eq!((found.state, found.extensions.0.len()), (ProjectCallState::Open, 1));
        assert!(find_project_call(&mut conn, scratch.other_territory_id, call).await.unwrap().is_none());
    });
}

#[test]
fn each_rule_of_the_content_is_held() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let plan = scratch.plan().await;
        let refused: &[(&str, Value, &str, &str)] = &[
            ("closes_at", json!("2020-03-02T08:00:00Z"), "/closes_at", "date_order"),
            ("maximum_grant", json!("171718.41"), "/maximum_grant", "range"),
            ("minimum_score", json!("22.51"), "/minimum_score", "range"),
            ("intervention_types", json!(["a", "a"]), "/intervention_types", "duplicate"),
            ("intervention_types", json!([]), "/intervention_types", "length"),
            ("criteria", json!([]), "/criteria", "length"),
            ("criteria", json!([{"code": "a1", "title": "A", "maximum": "0.00"}]), "/criteria/0/maximum", "range"),
            (
                "criteria",
                json!([{"code": "a1", "title": "A", "maximum": "20.00"}, {"code": "a1", "title": "B", "maximum": "5.00"}]),
                "/criteria/1/code",
                "duplicate",
            ),
            (
                "criteria",
                json!([{"code": "a1", "title": "A", "maximum": "99999.99"}, {"code": "b1", "title": "B", "maximum": "0.01"}]),
                "/criteria",
                "range",
            ),
            ("number", json!(1000), "/number", "range"),
            ("title", json!("a\nb"), "/title", "pattern"),
        ];
        for (field, value, pointer, code) in refused {
            let mut content = call_content(plan);
            content[*field] = value.clone();
            let answer = scratch.post(&ats, "/v1/project-calls", Some(content)).await;
            assert_eq!(answer.refusal(), (422, "validation_failed", *pointer, *code), "{field}: {}", answer.body);
        }
        for (field, value) in [
            ("coordination_limit", json!("1.01")),
            ("cofinancing_minimum", json!("0.3")),
            ("budget", json!(1000)),
            ("lead_kinds", json!("anyone")),
            ("unheard", json!(1)),
        ] {
            let mut content = call_content(plan);
            content[field] = value;
            assert_eq!(scratch.post(&ats, "/v1/project-calls", Some(content)).await.status, 400, "{field}");
        }
    });
}
