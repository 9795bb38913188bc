//! Proposals merged into one: whoever had to do with either is kept from what comes of them.

use super::world::{World, id_of, put};
use serde_json::{Value, json};

async fn merge(world: &World, absorbed: &str, into: &str) -> Value {
    let body = json!({"into_project_id": id_of(into), "reason": "Progetti complementari"});
    world.ats.post(&format!("{absorbed}/merge"), &body).await.expect(200)
}

#[tokio::test]
async fn a_merger_after_the_scores_sets_aside_those_of_the_absorbed_alliance() {
    let world = World::start().await;
    world.empty_committee().await;
    let call = world.open_call(json!({})).await;
    let (crema, cremona) =
        (world.organisation("Comune di Crema").await, world.organisation("Comune di Cremona").await);
    let cosper = world.organisation("COSPER Società Cooperativa Sociale").await;
    let into = world.propose(&call, &crema, &[]).await;
    let absorbed = world.propose(&call, &cremona, &[(&cosper, "network")]).await;
    world.evaluate(&call, &[&into, &absorbed]).await;
    let of_lead = world.enrol(&[("evaluator", &cremona)]).await;
    let of_partner = world.enrol(&[("evaluator", &cosper)]).await;
    let free = world.evaluator("Comune di Mantova").await;
    for person in [&of_lead, &of_partner, &free] {
        person.give(&into, "6.00", "6.00").await;
    }
    assert_eq!(of_partner.write(&absorbed, "1.00", "1.00").await.code(404), "not_found");
    free.give(&absorbed, "3.00", "3.00").await;

    let merged = merge(&world, &absorbed, &into).await;
    assert_eq!(merged["partners"].as_array().unwrap().len(), 2, "{merged}");

    // It is admitted again once those who joined it have signed, and the evaluation is not closed before.
    assert_eq!(merged["state"], "submitted");
    let close = format!("{call}/close-evaluation");
    assert_eq!(world.ats.post(&close, &json!({})).await.code(409), "conflict");
    assert_eq!(free.write(&into, "1.00", "1.00").await.code(409), "conflict", "it is not admissible now");
    for (partner, role) in [(&cremona, "implementing"), (&cosper, "network")] {
        assert_eq!(world.ats.act(&format!("{into}/admit")).await.code(422), "validation_failed");
        let signed = json!({"role": role, "mandate_on": "2020-06-20"});
        put(&world.alliances, &into, &format!("{into}/partners/{partner}"), &signed).await.expect(200);
    }
    world.ats.act(&format!("{into}/admit")).await.expect(200);
    for person in [&of_lead, &of_partner] {
        assert_eq!(person.caller.get(&into).await.code(404), "not_found");
    }
    let evaluation = world.ats.get(&format!("{call}/evaluation")).await.expect(200);
    let item = &evaluation["items"][0];
    assert_eq!((&evaluation["projects"], &item["counted"], &item["set_aside"]), (&json!(1), &json!(1), &json!(2)));
    let summary = world.ats.post(&close, &json!({})).await.expect(200);
    let counts = ["expected_scorecards", "counted_scorecards"].map(|name| summary[name].as_i64().unwrap());
    assert_eq!(counts, [1, 1], "what the absorbed one was given counts no more");
    let progress = evaluation["evaluators"].as_array().unwrap();
    let own = progress.iter().find(|one| one["evaluator"]["id"] == json!(free.id)).expect("the evaluator");
    assert_eq!((&own["to_score"], &own["submitted"]), (&json!(1), &json!(1)));

    // What was absorbed is history, and is neither merged again nor scored.
    let again = json!({"into_project_id": id_of(&into), "reason": "Di nuovo"});
    assert_eq!(world.ats.post(&format!("{absorbed}/merge"), &again).await.code(409), "transition_not_allowed");
    assert_eq!(world.ats.get(&absorbed).await.expect(200)["state"], "merged");
    world.stop().await;
}

#[tokio::test]
async fn an_organisation_that_left_one_proposal_comes_back_with_the_other() {
    let world = World::start().await;
    let call = world.open_call(json!({})).await;
    let (crema, cremona) =
        (world.organisation("Comune di Crema").await, world.organisation("Comune di Cremona").await);
    let cosper = world.organisation("COSPER Società Cooperativa Sociale").await;
    let into = world.propose(&call, &crema, &[(&cosper, "network")]).await;
    let absorbed = world.propose(&call, &cremona, &[(&cosper, "implementing"), (&crema, "network")]).await;
    let request = json!({"request": "Ridurre il partenariato.", "due_at": "2098-06-15T10:00:00Z"});
    world.ats.post(&format!("{into}/request-integration"), &request).await.expect(200);
    let seen = world.alliances.get(&into).await.etag().to_owned();
    let removed = world.alliances.with("if-match", &seen).delete(&format!("{into}/partners/{cosper}")).await;
    assert_eq!(removed.status, 204, "{}", removed.body);

    let merged = merge(&world, &absorbed, &into).await;
    let partners = merged["partners"].as_array().unwrap();
    let mut present: Vec<(&Value, &Value)> = partners
        .iter()
        .filter(|one| one["left_on"].is_null())
        .map(|one| (&one["organisation"]["id"], &one["role"]))
        .collect();
    present.sort_by_key(|(id, _)| id.as_str());
    let mut expected = [json!(cremona), json!(cosper)];
    expected.sort_by_key(|id| id.as_str().map(str::to_owned));
    let implementing = json!("implementing");
    assert_eq!(present, expected.iter().map(|id| (id, &implementing)).collect::<Vec<_>>());
    assert_eq!(merged["lead"]["id"], json!(crema), "its part in the absorbed one is the lead's");
    world.stop().await;
}

#[tokio::test]
async fn proposals_of_two_calls_or_two_territories_are_not_merged() {
    let world = World::start().await;
    let crema = world.organisation("Comune di Crema").await;
    let half = json!({"budget": "80000.00"});
    let one = world.propose(&world.open_call(half.clone()).await, &crema, &[]).await;
    let call = world.open_call(half).await;
    let other = world.propose(&call, &crema, &[]).await;
    let foreign = world.foreign("projects").await;
    for into in [id_of(&other), id_of(&one), foreign] {
        let body = json!({"into_project_id": into, "reason": "Prova"});
        let refused = world.ats.post(&format!("{one}/merge"), &body).await;
        assert_eq!(refused.code(422), "validation_failed");
        assert_eq!(refused.body["errors"][0]["pointer"], "/into_project_id");
    }
    let stranger = world.server.nth("ats", 1, 0).await;
    let body = json!({"into_project_id": id_of(&other), "reason": "Prova"});
    assert_eq!(stranger.post(&format!("{one}/merge"), &body).await.code(404), "not_found");
    world.stop().await;
}
