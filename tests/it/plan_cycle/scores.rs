//! Scorecards: blind until the scoring is closed, within the grid, counted once a seat; final scores with their minutes.

use super::committee::{Committee, Session, vote};
use super::world::{World, final_scores, id_of, listed, text};
use chrono::Utc;
use serde_json::{Value, json};

const ORGANISATIONS: [&str; 3] = ["Comune di Mantova", "Camera di Commercio di Cremona", "Provincia di Mantova"];

fn item<'v>(evaluation: &'v Value, project: &str) -> &'v Value {
    let items = evaluation["items"].as_array().expect("items");
    items.iter().find(|item| item["project_id"] == json!(id_of(project))).expect("the project")
}

#[tokio::test]
async fn scores_are_blind_until_the_scoring_is_closed_and_then_add_up() {
    let world = World::start().await;
    world.empty_committee().await;
    let call = world.open_call(json!({})).await;
    let (crema, cremona) =
        (world.organisation("Comune di Crema").await, world.organisation("Comune di Cremona").await);
    let one = world.propose(&call, &crema, &[]).await;
    let other = world.propose(&call, &cremona, &[]).await;
    let mut committee = vec![];
    for name in ORGANISATIONS {
        committee.push(world.evaluator(name).await);
    }
    let early = committee[0].write(&one, "1.00", "1.00").await;
    assert_eq!(early.code(409), "conflict", "not evaluated yet");
    world.evaluate(&call, &[&one, &other]).await;

    let mut cards = vec![];
    for (person, (innovation, sustainability)) in committee[..2].iter().zip([("10.00", "12.50"), ("7.01", "9.00")])
    {
        cards.push(person.give(&one, innovation, sustainability).await);
        person.give(&other, "5.00", "0.00").await;
    }
    // Nobody sees another's points; the agency sees that there is a card.
    assert_eq!(committee[1].caller.get(&cards[0]).await.code(404), "not_found");
    let own = committee[1].caller.get(&format!("{call}/scorecards")).await.expect(200);
    assert_eq!(own["items"].as_array().unwrap().len(), 2);
    let seen = world.ats.get(&cards[0]).await.expect(200);
    assert_eq!(
        (&seen["scores"], &seen["total"], &seen["state"]),
        (&Value::Null, &Value::Null, &json!("submitted"))
    );
    let open = world.ats.get(&format!("{call}/evaluation")).await.expect(200);
    assert_eq!(item(&open, &one)["total"], Value::Null);
    assert_eq!((&item(&open, &one)["missing"], &item(&open, &one)["complete"]), (&json!(1), &json!(false)));

    let close = format!("{call}/close-evaluation");
    let refused = world.ats.post(&close, &json!({})).await;
    assert_eq!(refused.code(409), "conflict");
    assert_eq!(refused.body["errors"][0]["pointer"], "/accept_incomplete");
    let scores = final_scores(&[(&one, "17.00"), (&other, "5.00")]);
    assert_eq!(world.ats.post(&format!("{call}/final-scores"), &scores).await.code(409), "conflict");
    committee[2].give(&one, "6.00", "0.01").await;
    committee[2].give(&other, "5.00", "0.00").await;
    let summary = world.ats.post(&close, &json!({})).await.expect(200);
    let counts = ["projects", "complete_projects", "expected_scorecards", "counted_scorecards"];
    assert_eq!(counts.map(|name| summary[name].as_i64().unwrap()), [2, 2, 6, 6]);

    // 22.50, 16.01 and 6.01: on average 14.84, and 6.7826... away from it.
    let closed = committee[0].caller.get(&format!("{call}/evaluation")).await.expect(200);
    let total = json!({"average": "14.84", "deviation": "6.78", "minimum": "6.01", "maximum": "22.50"});
    assert_eq!(item(&closed, &one)["total"], total);
    let innovation = json!({"criterion": "innovation", "spread":
        {"average": "7.67", "deviation": "1.70", "minimum": "6.00", "maximum": "10.00"}});
    assert_eq!(item(&closed, &one)["criteria"][0], innovation);
    let none = json!({"average": "5.00", "deviation": "0.00", "minimum": "5.00", "maximum": "5.00"});
    assert_eq!(item(&closed, &other)["total"], none);
    assert_eq!(committee[1].caller.get(&cards[0]).await.expect(200)["total"], "22.50");
    let late = committee[0].caller.put(&format!("{one}/scorecard"), &json!({"scores": []})).await;
    assert_eq!(late.code(409), "conflict");
    world.stop().await;
}

#[tokio::test]
async fn a_card_stays_within_the_grid_and_is_given_once() {
    let world = World::start().await;
    world.empty_committee().await;
    let call = world.open_call(json!({})).await;
    let crema = world.organisation("Comune di Crema").await;
    let project = world.propose(&call, &crema, &[]).await;
    let left_out = world.propose(&call, &crema, &[]).await;
    let person = world.evaluator("Comune di Mantova").await;
    world.ats.post(&format!("{call}/close"), &json!({"reason": "Termine"})).await.expect(200);
    world.ats.act(&format!("{project}/admit")).await.expect(200);
    let reason = json!({"reason": "Mancano i requisiti"});
    world.ats.post(&format!("{left_out}/declare-inadmissible"), &reason).await.expect(200);
    world.ats.act(&format!("{call}/start-evaluation")).await.expect(200);
    assert_eq!(person.write(&left_out, "1.00", "1.00").await.code(409), "conflict");

    let card = format!("{project}/scorecard");
    for (scores, pointer, code) in [
        (json!([{"criterion": "innovation", "points": "10.01"}]), "/scores/0/points", "range"),
        (json!([{"criterion": "charm", "points": "1.00"}]), "/scores/0/criterion", "not_found"),
        (
            json!([{"criterion": "innovation", "points": "1.00"}, {"criterion": "innovation", "points": "2.00"}]),
            "/scores/1/criterion",
            "duplicate",
        ),
    ] {
        let refused = person.caller.put(&card, &json!({"scores": scores})).await;
        assert_eq!(refused.code(422), "validation_failed");
        assert_eq!(
            (&refused.body["errors"][0]["pointer"], &refused.body["errors"][0]["code"]),
            (&json!(pointer), &json!(code))
        );
    }
    for points in [json!("-1.00"), json!("1.001"), json!(1), json!("1e1"), json!("99999999.00"), json!("NaN")] {
        let refused =
            person.caller.put(&card, &json!({"scores": [{"criterion": "innovation", "points": points}]})).await;
        assert!(matches!(refused.status, 400 | 422), "{points}: {}", refused.body);
    }

    let part = json!({"scores": [{"criterion": "innovation", "points": "10.00"}]});
    let made = person.caller.put(&card, &part).await;
    let (first, path) = (made.etag().to_owned(), format!("/v1/scorecards/{}", text(&made.body["id"])));
    assert_eq!(made.status, 201);
    let refused = person.caller.act(&format!("{path}/submit")).await;
    assert_eq!(
        (refused.code(422), &refused.body["errors"][0]["value"]),
        ("validation_failed", &json!("sustainability"))
    );
    assert_eq!(person.caller.put(&card, &part).await.code(428), "precondition_required");
    person.caller.with("if-match", &first).put(&card, &json!({"scores": []})).await.expect(200);
    assert_eq!(person.caller.with("if-match", &first).put(&card, &part).await.code(412), "precondition_failed");
    let whole = json!({"scores": [{"criterion": "innovation", "points": "0.00"},
                                  {"criterion": "sustainability", "points": "12.50"}]});
    let seen = person.caller.get(&path).await.etag().to_owned();
    person.caller.with("if-match", &seen).put(&card, &whole).await.expect(200);
    let keyed = person.caller.with("idempotency-key", "once");
    let given = keyed.act(&format!("{path}/submit")).await.expect(200);
    assert_eq!(keyed.act(&format!("{path}/submit")).await.expect(200), given);
    assert_eq!(person.caller.act(&format!("{path}/submit")).await.code(409), "transition_not_allowed");
    let seen = person.caller.get(&path).await.etag().to_owned();
    let rewritten = person.caller.with("if-match", &seen).put(&card, &part).await;
    assert_eq!(rewritten.code(409), "transition_not_allowed");
    world.stop().await;
}

#[tokio::test]
async fn a_final_score_needs_minutes_and_a_meeting_that_could_decide() {
    let world = World::start().await;
    let call = world.open_call(json!({})).await;
    let crema = world.organisation("Comune di Crema").await;
    let project = world.propose(&call, &crema, &[]).await;
    world.evaluate(&call, &[&project]).await;
    let accepted = json!({"accept_incomplete": "Si decide in seduta"});
    world.ats.post(&format!("{call}/close-evaluation"), &accepted).await.expect(200);
    let path = format!("{call}/final-scores");

    let mut without = final_scores(&[(&project, "12.00")]);
    without.as_object_mut().unwrap().remove("minutes");
    assert_eq!(world.ats.post(&path, &without).await.status, 400);
    for (field, value, pointer, code) in [
        ("minutes", json!({"act": "Verbale", "date": "2099-01-01"}), "/minutes/date", "in_future"),
        ("scores", json!([{"project_id": id_of(&project), "score": "22.51"}]), "/scores/0/score", "range"),
        ("scores", json!([{"project_id": crema, "score": "1.00"}]), "/scores/0/project_id", "not_found"),
        ("meeting_id", json!(crema), "/meeting_id", "not_found"),
    ] {
        let mut body = final_scores(&[(&project, "12.00")]);
        body[field] = value;
        let refused = world.ats.post(&path, &body).await;
        assert_eq!(refused.code(422), "validation_failed", "{field}");
        let error = &refused.body["errors"][0];
        assert_eq!((&error["pointer"], &error["code"]), (&json!(pointer), &json!(code)));
    }
    // A meeting that was called, or that was held without its quorum, decided nothing.
    let committee = Committee::of(&world, &[("Comune di Mantova", false)]).await;
    // So that its day is over wherever this runs, and whenever.
    let yesterday = async |session: &Session<'_>| {
        let id = id_of(&session.path);
        let day = "interval '1 day'";
        world
            .run(&format!(
                "UPDATE meetings SET starts_at = starts_at - {day}, sent_at = sent_at - {day} WHERE id = '{id}'"
            ))
            .await;
    };
    let named = async |session: &Session<'_>| {
        let mut body = final_scores(&[(&project, "12.00")]);
        body["meeting_id"] = json!(id_of(&session.path));
        body["minutes"]["date"] = json!(Utc::now().date_naive());
        world.ats.post(&path, &body).await
    };
    let alone = committee.session(None).await;
    alone.come([0]).await;
    let refused = named(&alone).await;
    assert_eq!(
        (refused.code(422), &refused.body["errors"][0]["pointer"]),
        ("validation_failed", &json!("/meeting_id"))
    );
    world.ats.act(&format!("{}/close", alone.path)).await.expect(200);
    assert_eq!(named(&alone).await.code(422), "validation_failed");
    // One that rejected the project did not score it, unless it came back on it.
    let divided = committee.session(Some(&id_of(&project))).await;
    divided.come(0..2).await;
    let motion = divided.motion().await;
    assert_eq!(divided.decide(&motion).await.0, "rejected");
    divided.validate(&committee, 0..2).await;
    yesterday(&divided).await;
    let mut older = final_scores(&[(&project, "12.00")]);
    older["meeting_id"] = json!(id_of(&divided.path));
    let refused = world.ats.post(&path, &older).await;
    assert_eq!(
        (refused.code(422), &refused.body["errors"][0]["pointer"], &refused.body["errors"][0]["code"]),
        ("validation_failed", &json!("/minutes/date"), &json!("date_order"))
    );
    let refused = named(&divided).await;
    assert_eq!(
        (refused.code(422), &refused.body["errors"][0]["code"]),
        ("validation_failed", &json!("motion_rejected"))
    );
    let refused = world.ats.post(&path, &final_scores(&[(&project, "12.00")])).await;
    assert_eq!(
        (refused.code(422), &refused.body["errors"][0]["code"]),
        ("validation_failed", &json!("motion_rejected")),
        "named or not"
    );
    let whole = committee.session(Some(&id_of(&project))).await;
    whole.come(0..2).await;
    let motion = whole.motion().await;
    assert_eq!(whole.decide(&motion).await.0, "rejected");
    let motion = whole.motion().await;
    for seat in 0..2 {
        vote(&committee.seats[seat].titular.caller, &motion, "in_favour").await.expect(201);
    }
    assert_eq!(whole.decide(&motion).await.0, "carried");
    let early = named(&whole).await;
    assert_eq!((early.code(422), &early.body["errors"][0]["code"]), ("validation_failed", &json!("not_found")));
    whole.validate(&committee, 0..2).await;
    yesterday(&whole).await;
    named(&whole).await.expect(200);
    a_correction_needs_a_number_and_a_reason(&world, &path, &project).await;
    world.stop().await;
}

/// A project that has a score gets another one only as its correction.
async fn a_correction_needs_a_number_and_a_reason(world: &World, path: &str, project: &str) {
    assert_eq!(world.ats.post(path, &final_scores(&[(project, "13.00")])).await.code(409), "conflict");
    let mut correction = final_scores(&[(project, "13.00")]);
    correction["scores"][0]["corrects"] = json!(1);
    let refused = world.ats.post(path, &correction).await;
    assert_eq!(
        (refused.code(422), &refused.body["errors"][0]["pointer"]),
        ("validation_failed", &json!("/correction_reason"))
    );
    correction["correction_reason"] = json!("Errore di somma");
    world.ats.post(path, &correction).await.expect(200);
    assert_eq!(world.ats.post(path, &correction).await.code(409), "conflict", "it corrected the first, once");
    let scores = world.ats.get(path).await.expect(200);
    assert_eq!(listed(&scores, "score"), ["12.00", "13.00"]);
}
