//! Cards are written blind, within the grid, one for each seat.

use crate::scratch::{scores, with_scratch};
use actix_web::http::Method;
use concilia_kernel::Role;
use serde_json::{Value, json};

#[test]
fn a_card_is_written_changed_and_given_for_good() {
    with_scratch(async |scratch| {
        let (one, ats) = (scratch.evaluator(scratch.seats[0]).await, scratch.ats());
        let project = scratch.project("2.1", scratch.leads[0]).await;
        let innovation = json!([{"criterion": "innovation", "points": "8.50", "comment": " Rete nuova. "}]);
        let draft = scratch.put(&one, project, innovation.clone()).await.with_status(201);
        assert_eq!((&draft.body["state"], &draft.body["total"]), (&json!("draft"), &json!("8.50")));
        assert_eq!(draft.body["scores"][0]["comment"], "Rete nuova.");
        assert_eq!(draft.body["organisation"]["id"], json!(scratch.seats[0]));

        // It changes by its version, and lacks nothing when it is given.
        assert_eq!(scratch.put(&one, project, innovation).await.status, 428);
        let lacking = scratch.submit(&one, draft.id()).await;
        assert_eq!(lacking.refusal(), (422, "validation_failed", "/scores", "required"));
        assert_eq!(lacking.body["errors"][0]["value"], "sustainability");
        let path = format!("/v1/projects/{project}/scorecard");
        let change = async |seen: &str| {
            let body = json!({"scores": scores("9.00", "12.50")});
            scratch.call(&one, Method::PUT, &path, Some(body), &[("if-match", seen)]).await
        };
        assert_eq!(change("\"99\"").await.status, 412);
        let changed = change(draft.etag.as_deref().unwrap()).await.with_status(200);
        assert_eq!((changed.id(), &changed.body["total"]), (draft.id(), &json!("21.50")));
        let given = scratch.submit(&one, draft.id()).await.with_status(200);
        assert_eq!((&given.body["state"], given.body["submitted_at"].is_string()), (&json!("submitted"), true));
        assert_eq!(scratch.submit(&one, draft.id()).await.refusal().1, "transition_not_allowed");
        assert_eq!(change(given.etag.as_deref().unwrap()).await.refusal().1, "transition_not_allowed");

        // Whoever reaches the database cannot change it either.
        for change in [
            "UPDATE scorecard_points SET points = 0",
            "DELETE FROM scorecard_points",
            "UPDATE scorecards SET state = 'draft', submitted_at = NULL",
            "UPDATE scorecards SET submitted_at = now()",
            "DELETE FROM scorecards",
        ] {
            assert!(scratch.try_sql(change).await.is_err(), "{change}");
        }
        let mut conn = scratch.connect().await;
        let moves =
            concilia_kernel::transition::history(&mut conn, scratch.territory_id, draft.id()).await.unwrap();
        let moves: Vec<_> = moves.iter().map(|m| (m.to_state.as_str(), m.actor_role.as_str())).collect();
        assert_eq!(moves, [("draft", "evaluator"), ("submitted", "evaluator")]);
        assert_eq!(scratch.put(&ats, project, scores("1.00", "1.00")).await.status, 403, "the agency has no seat");
    });
}

#[test]
fn points_go_from_zero_to_the_maximum() {
    with_scratch(async |scratch| {
        let one = scratch.evaluator(scratch.seats[0]).await;
        let project = scratch.project("2.1", scratch.leads[0]).await;
        for (innovation, sustainability, pointer) in
            [("10.01", "0.00", "/scores/0/points"), ("0.00", "12.51", "/scores/1/points")]
        {
            let refused = scratch.put(&one, project, scores(innovation, sustainability)).await;
            assert_eq!(refused.refusal(), (422, "validation_failed", pointer, "range"));
        }
        for (points, status) in [("-0.01", 400), ("1", 400), ("1.001", 400), ("01.00", 400)] {
            assert_eq!(scratch.put(&one, project, scores(points, "0.00")).await.status, status, "{points}");
        }
        let unknown = json!([{"criterion": "charm", "points": "1.00"}]);
        let refused = scratch.put(&one, project, unknown).await;
        assert_eq!(refused.refusal(), (422, "validation_failed", "/scores/0/criterion", "not_found"));
        let twice =
            json!([{"criterion": "innovation", "points": "1.00"}, {"criterion": "innovation", "points": "2.00"}]);
        let refused = scratch.put(&one, project, twice).await;
        assert_eq!(refused.refusal(), (422, "validation_failed", "/scores/1/criterion", "duplicate"));
        let card = scratch.put(&one, project, scores("0.00", "12.50")).await.expect(201);
        assert_eq!(card["total"], "12.50");
        for change in ["points = 10.01", "points = -0.01", "maximum = 11, points = 11"] {
            let forced = format!("UPDATE scorecard_points SET {change} WHERE criterion = 'innovation'");
            assert!(scratch.try_sql(&forced).await.is_err(), "{change}");
        }
    });
}

#[test]
fn nobody_sees_anothers_points_until_the_scoring_is_closed() {
    with_scratch(async |scratch| {
        let (one, two) = (scratch.evaluator(scratch.seats[0]).await, scratch.evaluator(scratch.seats[1]).await);
        let ats = scratch.ats();
        let project = scratch.project("2.1", scratch.leads[0]).await;
        let card = scratch.score(&one, project, "8.00", "10.00").await;
        let path = format!("/v1/scorecards/{card}");
        let draft = scratch.put(&two, project, scores("6.00", "9.00")).await.created();
        let draft_path = format!("/v1/scorecards/{draft}");

        assert_eq!(scratch.get(&one, &path).await.body["total"], "18.00");
        assert_eq!(scratch.get(&two, &path).await.status, 404);
        let ids = |answer: &crate::scratch::Answer| -> Vec<Value> {
            answer.items().iter().map(|card| card["id"].clone()).collect()
        };
        assert_eq!(ids(&scratch.cards(&two).await), [json!(draft)]);
        assert_eq!(scratch.evaluation(&two).await.refusal().1, "conflict");
        // The agency sees that a card was given, and neither its points nor drafts.
        let seen = scratch.get(&ats, &path).await.expect(200);
        assert_eq!((&seen["scores"], &seen["total"]), (&json!(null), &json!(null)));
        assert_eq!(scratch.get(&ats, &draft_path).await.status, 404);
        assert_eq!(ids(&scratch.cards(&ats).await), [json!(card)]);
        let evaluation = scratch.evaluation(&ats).await.with_status(200);
        assert_eq!(evaluation.items()[0]["total"], json!(null));
        assert_eq!(evaluation.items()[0]["criteria"], json!([]));
        assert_eq!(
            (&evaluation.body["expected_scorecards"], &evaluation.body["counted_scorecards"]),
            (&json!(2), &json!(1))
        );

        scratch.submit(&two, draft).await.expect(200);
        scratch.close(&ats, None).await.expect(200);
        for viewer in [&two, &ats] {
            assert_eq!(scratch.get(viewer, &path).await.body["total"], "18.00");
            assert_eq!(ids(&scratch.cards(viewer).await), [json!(card), json!(draft)]);
            let evaluation = scratch.evaluation(viewer).await.with_status(200);
            assert_eq!(
                evaluation.items()[0]["total"],
                json!({"average": "16.50", "deviation": "1.50", "minimum": "15.00", "maximum": "18.00"})
            );
        }
    });
}

#[test]
fn titular_and_substitute_of_one_organisation_count_once() {
    with_scratch(async |scratch| {
        let (titular, substitute) =
            (scratch.evaluator(scratch.seats[0]).await, scratch.evaluator(scratch.seats[0]).await);
        let project = scratch.project("2.1", scratch.leads[0]).await;
        let one = scratch.put(&titular, project, scores("8.00", "10.00")).await.created();
        let two = scratch.put(&substitute, project, scores("1.00", "1.00")).await.created();
        let (a, b) = tokio::join!(scratch.submit(&titular, one), scratch.submit(&substitute, two));
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{} {}", a.body, b.body);
        let loser = if a.status == 409 { &a } else { &b };
        assert_eq!(loser.refusal().1, "conflict");
        assert!(loser.body["detail"].as_str().unwrap().contains("contano una volta sola"), "{}", loser.body);
        let evaluation = scratch.evaluation(&scratch.ats()).await;
        let counts = ["expected", "missing", "counted"].map(|name| evaluation.items()[0][name].clone());
        assert_eq!(counts, [1, 0, 1].map(|count| json!(count)));
        let forced = format!(
            "UPDATE scorecards SET state = 'submitted', submitted_at = now() WHERE state = 'draft' AND project_id = '{project}'"
        );
        assert!(scratch.try_sql(&forced).await.is_err(), "the database holds one card for each seat");
    });
}

#[test]
fn only_evaluators_of_the_territory_score_and_only_while_it_is_evaluated() {
    with_scratch(async |scratch| {
        let one = scratch.evaluator(scratch.seats[0]).await;
        let project = scratch.project("2.1", scratch.leads[0]).await;
        let stranger = scratch.stranger(Role::Evaluator);
        assert_eq!(scratch.put(&stranger, project, scores("1.00", "1.00")).await.status, 404);
        let card = scratch.put(&one, project, scores("1.00", "1.00")).await.created();
        assert_eq!(scratch.get(&stranger, &format!("/v1/scorecards/{card}")).await.status, 404);
        assert_eq!(scratch.submit(&stranger, card).await.status, 404);
        assert_eq!(scratch.evaluation(&stranger).await.status, 404);
        assert_eq!(scratch.evaluation(&scratch.stranger(Role::Ats)).await.status, 404);

        // A token outlives the role that it was given for.
        let late = scratch.evaluator(scratch.seats[1]).await;
        scratch.run_sql(&format!("DELETE FROM role_bindings WHERE account_id = '{}'", late.id)).await;
        assert_eq!(scratch.put(&late, project, scores("1.00", "1.00")).await.status, 403);

        let inadmissible = scratch.project("2.2", scratch.leads[1]).await;
        scratch.run_sql(&format!("UPDATE projects SET state = 'inadmissible' WHERE id = '{inadmissible}'")).await;
        assert_eq!(scratch.put(&one, inadmissible, scores("1.00", "1.00")).await.refusal().1, "conflict");
        scratch.run_sql("UPDATE project_calls SET state = 'closed'").await;
        assert_eq!(scratch.submit(&one, card).await.refusal().1, "conflict");
        scratch.run_sql("UPDATE project_calls SET state = 'evaluating'").await;
        scratch.close(&scratch.ats(), Some("Un valutatore assente")).await.expect(200);
        assert_eq!(scratch.submit(&one, card).await.refusal().1, "conflict");
        let other = scratch.project("2.3", scratch.leads[1]).await;
        assert_eq!(scratch.put(&one, other, scores("1.00", "1.00")).await.refusal().1, "conflict");
    });
}
