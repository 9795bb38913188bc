//! A call's closing, to the instant; its extensions; and what can no longer be written.

use super::world::{World, id_of, instant, put, text};
use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn nothing_is_submitted_from_the_closing_instant_on() {
    let world = World::start().await;
    let call = world.open_call(json!({})).await;
    let lead = world.organisation("Comune di Crema").await;
    let mut drafts = vec![];
    for _ in 0..10 {
        drafts.push(world.draft(&call, &lead, &[]).await);
    }
    let id = id_of(&call);
    let closing = instant(Utc::now() + chrono::Duration::milliseconds(1500));
    world
        .run(&format!(
            "SET session_replication_role = replica; UPDATE project_calls SET closes_at = '{closing}' WHERE id = '{id}'"
        ))
        .await;
    // One every 300 milliseconds, from before the instant to well after it.
    let answers = join_all(drafts.iter().enumerate().map(|(nth, project)| {
        let caller = world.alliances.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(300 * nth as u64)).await;
            caller.act(&format!("{project}/submit")).await
        }
    }))
    .await;
    assert_eq!(answers[0].status, 200, "{}", answers[0].body);
    let refused = answers.iter().filter(|answer| answer.status != 200).collect::<Vec<_>>();
    assert!(!refused.is_empty());
    for answer in &refused {
        assert_eq!(answer.code(409), "call_not_open");
    }
    let count = async |which: &str| {
        world.value(&format!("SELECT count(*) FROM projects WHERE project_call_id = '{id}' AND {which}")).await
    };
    assert_eq!(count(&format!("submitted_at >= '{closing}'")).await, "0");
    assert_eq!(count("state = 'submitted'").await, (answers.len() - refused.len()).to_string());

    // An act opens it again, once for each act, and only later than it closed.
    let extend = format!("{call}/extend");
    let act =
        |act: &str, date: &str, closes_at: &str| json!({"act": act, "act_date": date, "closes_at": closes_at});
    for (body, pointer) in [
        (act("Decreto n. 9", "2020-06-01", "2020-06-01T00:00:00Z"), "/closes_at"),
        (act("Decreto n. 9", "2099-06-01", "2098-06-01T00:00:00Z"), "/act_date"),
        (act("Decreto n. 9", "2020-02-31", "2098-06-01T00:00:00Z"), "/act_date"),
        (act("", "2020-06-01", "2098-06-01T00:00:00Z"), "/act"),
    ] {
        let refused = world.ats.post(&extend, &body).await;
        assert!(matches!(refused.status, 400 | 422), "{}", refused.body);
        assert_eq!(refused.body["errors"][0]["pointer"], pointer, "{}", refused.body);
    }
    let good = act("Decreto n. 9", "2020-06-01", "2098-06-01T00:00:00Z");
    let both = join_all([world.ats.post(&extend, &good), world.colleague.post(&extend, &good)]).await;
    assert_eq!(both.iter().filter(|answer| answer.status == 200).count(), 1, "one act, one extension");
    let last = drafts.last().unwrap();
    world.alliances.act(&format!("{last}/submit")).await.expect(200);
    let shown = world.server.anyone().get(&call).await.expect(200);
    let extension = &shown["extensions"][0];
    let before: DateTime<Utc> = text(&extension["previous_closes_at"]).parse().unwrap();
    assert!(before <= Utc::now(), "the history says when it had closed: {extension}");

    // Evaluated, it opens no more.
    world.ats.post(&format!("{call}/close"), &json!({"reason": "Termine"})).await.expect(200);
    let later = act("Decreto n. 10", "2020-06-02", "2099-06-01T00:00:00Z");
    world.ats.post(&extend, &later).await.expect(200);
    world.ats.post(&format!("{call}/close"), &json!({"reason": "Termine"})).await.expect(200);
    world.ats.act(&format!("{call}/start-evaluation")).await.expect(200);
    let refused = world.ats.post(&extend, &act("Decreto n. 11", "2020-06-02", "2099-07-01T00:00:00Z")).await;
    assert_eq!(refused.code(409), "transition_not_allowed");
    world.stop().await;
}

#[tokio::test]
async fn what_was_submitted_is_no_longer_written() {
    let world = World::start().await;
    let call = world.open_call(json!({})).await;
    let (lead, partner) = (
        world.organisation("Comune di Crema").await,
        world.organisation("COSPER Società Cooperativa Sociale").await,
    );
    let project = world.propose(&call, &lead, &[(&partner, "implementing")]).await;
    let before = world.alliances.get(&project).await.expect(200);
    let budget = json!({"staff": "0.00", "coordination": "0.00", "goods": "0.00", "services": "1.00", "vouchers": "0.00",
        "general": "0.00", "requested_grant": "1.00"});
    let line = format!("{project}/cofinancing-lines/{partner}");
    let writings = [
        put(&world.alliances, &project, &format!("{project}/budget"), &budget).await,
        put(&world.alliances, &project, &format!("{project}/activities"), &json!({"activities": []})).await,
        put(&world.alliances, &line, &line, &json!({"monetary": "1.00", "in_kind": "0.00"})).await,
        put(
            &world.alliances,
            &project,
            &format!("{project}/partners/{partner}"),
            &json!({"role": "network", "mandate_on": "2020-05-20"}),
        )
        .await,
        world.alliances.with("if-match", "\"1\"").delete(&format!("{project}/partners/{partner}")).await,
        world
            .alliances
            .post(
                &format!("{project}/partners"),
                &json!({"organisation_id": world.organisation("Sol.Co Mantova").await,
            "role": "network", "mandate_on": "2020-05-20"}),
            )
            .await,
        world.alliances.post(&format!("{project}/partners/{partner}/leave"), &json!({"reason": "Altro"})).await,
    ];
    for (nth, answer) in writings.iter().enumerate() {
        assert!(matches!(answer.status, 409 | 412), "writing {nth}: {} {}", answer.status, answer.body);
    }
    assert_eq!(world.alliances.act(&format!("{project}/submit")).await.code(409), "transition_not_allowed");
    assert_eq!(world.alliances.get(&project).await.expect(200), before, "it stands as it was submitted");
    // Nor after the integrations are due, which nobody else answers.
    let due = json!({"request": "Indicare agosto.", "due_at": "2098-06-15T10:00:00Z"});
    world.ats.post(&format!("{project}/request-integration"), &due).await.expect(200);
    let missing = world.alliances.act(&format!("{project}/submit")).await;
    assert_eq!(
        (missing.code(422), &missing.body["errors"][0]["pointer"]),
        ("validation_failed", &json!("/answer"))
    );
    world
        .run("UPDATE integration_requests SET requested_at = now() - interval '2 hours', due_at = now() - interval '1 hour'")
        .await;
    let answer = json!({"answer": "Aggiunto agosto."});
    assert_eq!(world.alliances.post(&format!("{project}/submit"), &answer).await.code(409), "conflict");
    let reason: Value = json!({"reason": "Integrazioni non presentate"});
    let declared = world.ats.post(&format!("{project}/declare-inadmissible"), &reason).await.expect(200);
    assert_eq!(declared["state"], "inadmissible");
    world.stop().await;
}
