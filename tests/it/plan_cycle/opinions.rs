//! Opinions asked of the assembly: by a quarter of the members, fifteen days before it meets.

use super::committee::{at_hand, midnight_in};
use super::world::{World, instant, listed, text};
use chrono::{DateTime, Duration, Utc};
use concilia_kernel::clock::italian_day;
use futures_util::future::join_all;
use serde_json::{Value, json};

/// Members of the network that the officer of the alliances speaks for.
async fn members(world: &World) -> Vec<String> {
    let territory = &world.territory;
    let ids = world
        .value(&format!(
        "SELECT json_agg(o.id ORDER BY o.id) FROM organisations o JOIN memberships m ON m.organisation_id = o.id \
         AND m.state = 'admitted' WHERE o.territory_id = '{territory}' AND o.kind <> 'company'"
        ))
        .await;
    serde_json::from_str::<Vec<String>>(&ids).expect("identifiers")
}

async fn ask(world: &World, organisation: &str) -> Value {
    let asked =
        json!({"organisation_id": organisation, "subject": "Orari", "text": "Si chiede il parere sugli orari."});
    world.alliances.post("/v1/opinion-requests", &asked).await.expect(201)
}

#[tokio::test]
async fn a_request_is_filed_by_a_quarter_of_the_members() {
    let world = World::start().await;
    let territory = &world.territory;
    let admitted =
        format!("SELECT count(*) FROM memberships WHERE state = 'admitted' AND territory_id = '{territory}'");
    let needed = world.value(&admitted).await.parse::<usize>().unwrap().div_ceil(4);
    let members = members(&world).await;
    let asked = ask(&world, &members[0]).await;
    let path = format!("/v1/opinion-requests/{}", text(&asked["id"]));
    let sign = async |organisation: &str| {
        world.alliances.post(&format!("{path}/sign"), &json!({"organisation_id": organisation})).await
    };
    assert_eq!(sign(&members[0]).await.code(409), "already_exists", "who asks has signed");
    for stranger in [world.foreign("organisations").await, world.organisation("Novellini S.p.A.").await] {
        assert_eq!(sign(&stranger).await.body["errors"][0]["pointer"], "/organisation_id");
    }
    // One member by many connections signs once.
    let twice = join_all((0..8).map(|_| sign(&members[1]))).await;
    assert_eq!(twice.iter().filter(|answer| answer.status == 200).count(), 1);
    for member in &members[2..needed - 1] {
        assert_eq!(sign(member).await.expect(200)["state"], "collecting");
    }
    let filed = sign(&members[needed - 1]).await.expect(200);
    assert_eq!((&filed["state"], &filed["needed"]), (&json!("filed"), &json!(needed)));
    assert_eq!(sign(&members[needed]).await.code(409), "transition_not_allowed");
    world.stop().await;
}

#[tokio::test]
async fn a_request_is_answered_by_an_assembly_that_it_reached_in_time() {
    let world = World::start().await;
    let asked = ask(&world, &members(&world).await[0]).await;
    let id = text(&asked["id"]);
    let path = format!("/v1/opinion-requests/{id}");
    let assembly = world.body("assembly").await;
    let meeting = at_hand(&world, &assembly, &json!([{"title": "Pareri"}])).await;
    let soon: DateTime<Utc> = text(&meeting["starts_at"]).parse().expect("an instant");
    let answer = json!({"meeting_id": meeting["id"], "opinion": "Parere favorevole."});
    assert_eq!(world.ats.post(&format!("{path}/answer"), &answer).await.code(409), "transition_not_allowed");

    // Filed at the last instant of the fifteenth day before, or at the first of the fourteenth.
    let midnight = midnight_in((italian_day(soon) - italian_day(Utc::now())).num_days() - 14);
    let file = async |at| {
        let at = instant(at);
        let state = format!("state = 'filed', needed = 1, filed_at = '{at}'");
        world.run(&format!("UPDATE opinion_requests SET {state} WHERE id = '{id}'")).await;
    };
    file(midnight).await;
    let late = world.ats.post(&format!("{path}/answer"), &answer).await;
    assert_eq!(
        (late.code(422), &late.body["errors"][0]["code"]),
        ("validation_failed", &json!("not_found")),
        "not held"
    );
    world.ats.act(&format!("/v1/meetings/{}/close", text(&meeting["id"]))).await.expect(200);
    let late = world.ats.post(&format!("{path}/answer"), &answer).await;
    assert_eq!((late.code(422), &late.body["errors"][0]["code"]), ("validation_failed", &json!("range")));
    file(midnight - Duration::seconds(1)).await;
    let answered = world.ats.post(&format!("{path}/answer"), &answer).await.expect(200);
    assert_eq!(answered["state"], "answered");
    assert_eq!(world.ats.post(&format!("{path}/answer"), &answer).await.code(409), "transition_not_allowed");
    let read = world.alliances.get("/v1/opinion-requests").await.expect(200);
    assert!(listed(&read, "id").contains(&id));
    world.stop().await;
}
