//! Who may lead an alliance, and with whom.

use super::world::{World, text};
use serde_json::{Value, json};

const COSPER: &str = "COSPER Società Cooperativa Sociale";

async fn broken(world: &World, project: &str) -> Vec<String> {
    let check = world.alliances.get(&format!("{project}/check")).await.expect(200);
    let rules = check["rules"].as_array().expect("rules").clone();
    rules.iter().filter(|rule| rule["ok"] == false).map(|rule| text(&rule["rule"])).collect()
}

#[tokio::test]
async fn a_private_lead_needs_a_public_body_or_a_territorial_area() {
    let world = World::start().await;
    let call = world.open_call(json!({"budget": "50000.00"})).await;
    let lead = world.organisation(COSPER).await;
    for (partner, expected) in [
        (None, vec!["private_lead_has_public_partner"]),
        (Some("Sol.Co Mantova"), vec!["private_lead_has_public_partner"]),
        (Some("Comune di Crema"), vec![]),
        (Some("Comunità Sociale Cremasca"), vec![]),
    ] {
        let mut partners = vec![];
        let id = match partner {
            Some(name) => world.organisation(name).await,
            None => String::new(),
        };
        if partner.is_some() {
            partners.push((id.as_str(), "network"));
        }
        let project = world.draft(&call, &lead, &partners).await;
        assert_eq!(broken(&world, &project).await, expected, "{partner:?}");
        let submitted = world.alliances.act(&format!("{project}/submit")).await;
        assert_eq!(submitted.status, if expected.is_empty() { 200 } else { 422 }, "{}", submitted.body);
    }
    // Where public bodies alone may lead, and where a company would.
    let strict = world.open_call(json!({"budget": "50000.00", "lead_kinds": "public_only"})).await;
    let crema = world.organisation("Comune di Crema").await;
    let project = world.draft(&strict, &lead, &[(&crema, "institutional")]).await;
    assert_eq!(broken(&world, &project).await, ["lead_kind"]);
    let company = world.organisation("Novellini S.p.A.").await;
    let person = world.enrol(&[("alliance_lead", &company)]).await;
    let content = json!({"title": "Progetto", "alliance": "Alleanza", "starts_on": "2024-01-01", "ends_on": "2025-12-31",
        "intervention_types": ["a"], "open_alliance": false, "whp_link": false, "zone_plan_link": false});
    let body = |call: &str, lead: &str| json!({"project_call_id": super::world::id_of(call), "lead_organisation_id": lead, "content": content});
    let made = person.caller.post("/v1/projects", &body(&call, &company)).await.expect(201);
    let check = person.caller.get(&format!("/v1/projects/{}/check", text(&made["id"]))).await.expect(200);
    let rule = check["rules"].as_array().unwrap().iter().find(|rule| rule["rule"] == "lead_kind").cloned();
    assert_eq!(rule.expect("the rule")["ok"], false);
    // Nobody drafts for an organisation of others, or on a call of another territory.
    let refused = person.caller.post("/v1/projects", &body(&call, &lead)).await;
    assert_eq!(refused.body["errors"][0]["pointer"], "/lead_organisation_id");
    let stranger = world.server.nth("alliance_lead", 1, 0).await;
    let own = text(&stranger.get("/v1/me").await.expect(200)["roles"][0]["organisation"]["id"]);
    let refused = stranger.post("/v1/projects", &body(&call, &own)).await;
    assert_eq!(refused.body["errors"][0]["pointer"], "/project_call_id", "{}", refused.body);
    world.stop().await;
}

#[tokio::test]
async fn partners_are_members_each_once() {
    let world = World::start().await;
    let call = world.open_call(json!({})).await;
    let (lead, partner) = (world.organisation("Comune di Crema").await, world.organisation(COSPER).await);
    let territory = &world.territory;
    world
        .run(&format!(
            "INSERT INTO organisations (id, territory_id, name, kind, tax_code) \
             VALUES (uuid_v7(), '{territory}', 'Fuori dalla rete', 'nonprofit', '99999999990')"
        ))
        .await;
    let outsider = world.organisation("Fuori dalla rete").await;
    let foreign =
        world.value(&format!("SELECT id FROM organisations WHERE territory_id <> '{territory}' LIMIT 1")).await;
    let project = world.draft(&call, &lead, &[(&partner, "implementing")]).await;
    let add = async |organisation: &str, role: &str| {
        let body = json!({"organisation_id": organisation, "role": role, "mandate_on": "2020-05-20"});
        world.alliances.post(&format!("{project}/partners"), &body).await
    };
    assert_eq!(add(&partner, "network").await.code(409), "already_exists");
    assert_eq!(add(&lead, "institutional").await.code(409), "already_exists");
    assert_eq!(add(&outsider, "lead").await.code(422), "validation_failed");
    assert_eq!(add(&foreign, "network").await.body["errors"][0]["pointer"], "/organisation_id");
    let (one, other) = tokio::join!(add(&outsider, "network"), add(&outsider, "network"));
    let mut states = [one.status, other.status];
    states.sort_unstable();
    assert_eq!(states, [201, 409], "two at once join once");
    assert_eq!(broken(&world, &project).await, ["partners_are_members"]);
    let refused = world.alliances.act(&format!("{project}/submit")).await;
    assert_eq!(
        (refused.code(422), &refused.body["errors"][0]["pointer"]),
        ("validation_failed", &json!("/partners/1"))
    );
    let unsigned = json!({"organisation_id": world.organisation("Sol.Co Mantova").await, "role": "network"});
    world.alliances.post(&format!("{project}/partners"), &unsigned).await.expect(201);
    assert_eq!(broken(&world, &project).await, ["partners_are_members", "mandates_signed"]);
    world.stop().await;
}

/// The officer of an organisation takes it out of the network.
pub async fn withdraw(world: &World, organisation: &str) -> Value {
    let membership =
        format!("SELECT id FROM memberships WHERE organisation_id = '{organisation}' AND state = 'admitted'");
    let path = format!("/v1/memberships/{}/withdraw", world.value(&membership).await);
    world.alliances.post(&path, &json!({"reason": "Cessazione dell'attività"})).await.expect(200)
}

#[tokio::test]
async fn a_partner_that_withdraws_from_the_network_stops_the_submission() {
    let world = World::start().await;
    let call = world.open_call(json!({})).await;
    let (lead, partner) = (world.organisation("Comune di Crema").await, world.organisation(COSPER).await);
    let project = world.draft(&call, &lead, &[(&partner, "network")]).await;
    assert_eq!(broken(&world, &project).await, Vec::<String>::new());
    withdraw(&world, &partner).await;
    assert_eq!(broken(&world, &project).await, ["partners_are_members"]);
    assert_eq!(world.alliances.act(&format!("{project}/submit")).await.code(422), "validation_failed");
    world.stop().await;
}
