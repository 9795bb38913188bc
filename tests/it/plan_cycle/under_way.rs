//! Alliances that change while their project runs.

use super::grant::Grant;
use super::leads::withdraw;
use super::world::{World, id_of};
use serde_json::{Value, json};

fn partner<'v>(project: &'v Value, organisation: &str) -> &'v Value {
    let partners = project["partners"].as_array().expect("partners");
    partners.iter().find(|one| one["organisation"]["id"] == json!(organisation)).expect("the partner")
}

#[tokio::test]
async fn a_partner_that_withdraws_from_the_network_may_be_substituted() {
    let world = World::start().await;
    let grant = Grant::running(&world).await;
    let report = grant.report("2020-09-01", "2020-12-31").await;
    withdraw(&world, &grant.partner).await;
    let shown = world.alliances.get(&grant.project).await.expect(200);
    assert_eq!(partner(&shown, &grant.partner)["is_member"], false, "it shows, and the project goes on");
    grant.expense(&grant.partners_officer, &report, &grant.hours("T1", "10.00", "20.00")).await;

    let path = |organisation: &str, act: &str| grant.path(&format!("partners/{organisation}/{act}"));
    let reason = json!({"reason": "Cessazione dell'attività"});
    assert_eq!(
        world.alliances.post(&path(&grant.lead, "leave"), &reason).await.code(409),
        "conflict",
        "the lead stays"
    );
    assert_eq!(
        world.server.role("employer").await.post(&path(&grant.partner, "leave"), &reason).await.code(404),
        "not_found"
    );
    grant.partners_officer.post(&path(&grant.partner, "leave"), &reason).await.expect(200);
    assert_eq!(grant.partners_officer.post(&path(&grant.partner, "leave"), &reason).await.code(404), "not_found");

    // Its past expenses are reported, those since it left are not.
    grant.expense(&grant.partners_officer, &report, &grant.hours("T2", "5.00", "20.00")).await;
    world
        .run(&format!(
            "UPDATE project_partners SET left_on = '2020-10-29' WHERE project_id = '{}' AND left_on IS NOT NULL",
            id_of(&grant.project)
        ))
        .await;
    let late =
        grant.partners_officer.post(&format!("{report}/expenses"), &grant.hours("T3", "5.00", "20.00")).await;
    assert_eq!(
        (late.code(422), &late.body["errors"][0]["pointer"]),
        ("validation_failed", &json!("/incurred_on"))
    );

    let substitute = |organisation: &str| json!({"organisation_id": organisation, "mandate_on": "2020-11-10", "reason": "Subentra"});
    let takes_over = path(&grant.partner, "substitute");
    let again = world.alliances.post(&takes_over, &substitute(&grant.partner)).await;
    assert_eq!(again.code(422), "validation_failed", "no longer a member: {}", again.body);
    assert_eq!(world.alliances.post(&takes_over, &substitute(&grant.lead)).await.code(409), "already_exists");
    let foreign = world.foreign("organisations").await;
    let refused = world.alliances.post(&takes_over, &substitute(&foreign)).await;
    assert_eq!(refused.body["errors"][0]["pointer"], "/organisation_id");
    let (one, other) = (
        world.organisation("Sol.Co Mantova").await,
        world.organisation("Charta Cooperazione Sociale ONLUS").await,
    );
    let bodies = [substitute(&one), substitute(&other)];
    let (first, second) =
        tokio::join!(world.alliances.post(&takes_over, &bodies[0]), world.alliances.post(&takes_over, &bodies[1]));
    let mut states = [first.status, second.status];
    states.sort_unstable();
    assert_eq!(states, [200, 409], "{} {}", first.body, second.body);
    let winner = if first.status == 200 { &one } else { &other };
    let shown = world.alliances.get(&grant.project).await.expect(200);
    let new = partner(&shown, winner);
    assert_eq!((&new["substitutes"], &new["role"]), (&json!(grant.partner), &json!("implementing")));
    assert_eq!(partner(&shown, &grant.partner)["leave_reason"], "Cessazione dell'attività");
    world.stop().await;
}

#[tokio::test]
async fn an_open_alliance_gains_members_with_a_mandate_and_a_closed_one_nobody() {
    let world = World::start().await;
    let grant = Grant::running(&world).await;
    let path = grant.path("partners");
    let newcomer = world.organisation("Sol.Co Mantova").await;
    let body = |mandate: Value| json!({"organisation_id": newcomer, "role": "network", "mandate_on": mandate});
    let open = async |open: bool| {
        world
            .run(&format!("UPDATE projects SET open_alliance = {open} WHERE id = '{}'", id_of(&grant.project)))
            .await;
    };
    open(false).await;
    assert_eq!(world.alliances.post(&path, &body(json!("2020-05-20"))).await.code(409), "transition_not_allowed");
    open(true).await;
    assert_eq!(world.alliances.post(&path, &body(Value::Null)).await.body["errors"][0]["pointer"], "/mandate_on");
    assert_eq!(
        world.alliances.post(&path, &body(json!("2099-05-20"))).await.body["errors"][0]["pointer"],
        "/mandate_on"
    );
    assert_eq!(grant.partners_officer.post(&path, &body(json!("2020-05-20"))).await.code(403), "forbidden");
    let joined = world.alliances.post(&path, &body(json!("2020-05-20"))).await.expect(201);
    assert!(!partner(&joined, &newcomer)["joined_on"].is_null());
    // One of the network has no share of the grant.
    let report = grant.report("2020-09-01", "2020-12-31").await;
    let mut expense = grant.invoice("1", "services", "grant", "10.00");
    expense["organisation_id"] = json!(newcomer);
    let refused = world.alliances.post(&format!("{report}/expenses"), &expense).await;
    assert_eq!(refused.body["errors"][0]["pointer"], "/source");
    // An evaluator of who joined no longer sees it.
    let person = world.enrol(&[("evaluator", &newcomer)]).await;
    assert_eq!(person.caller.get(&grant.project).await.code(404), "not_found");
    world.stop().await;
}
