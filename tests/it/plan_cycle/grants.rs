//! From an award to a signed agreement: who accepts, what the executive budget must be, what comes before money.

use super::grant::Grant;
use super::world::{World, put, text};
use crate::papers::{file, read};
use serde_json::{Value, json};

fn pointers(answer: &concilia_tests::Answer) -> Vec<String> {
    answer.body["errors"].as_array().expect("errors").iter().map(|error| text(&error["pointer"])).collect()
}

#[tokio::test]
async fn a_grant_is_accepted_by_its_lead_once() {
    let world = World::start().await;
    let grant = Grant::of(&world).await;
    assert_eq!(world.ats.get(&grant.path("grant")).await.code(404), "not_found", "nothing is accepted");
    let stranger = world.server.nth("alliance_lead", 1, 0).await;
    assert_eq!(grant.act(&stranger, "grant/accept").await.code(404), "not_found");
    assert_eq!(grant.act(&world.server.role("alliance_lead").await, "grant/accept").await.code(404), "not_found");
    assert_eq!(grant.act(&grant.partners_officer, "grant/accept").await.code(403), "forbidden");
    let keyed = world.alliances.with("idempotency-key", "accept");
    let (one, other) =
        tokio::join!(grant.act(&keyed, "grant/accept"), grant.act(&world.alliances, "grant/accept"));
    assert!([one.status, other.status].contains(&200) && [one.status, other.status].contains(&409));
    let shown = grant.shown().await;
    assert_eq!((&shown["assigned"], &shown["state"]), (&json!("20038.40"), &json!("accepted")));
    // Accepted, it is no longer allocated anew.
    let reason = json!({"reason": "Troppo poco"});
    assert_eq!(
        world.alliances.post(&grant.path("grant/decline"), &reason).await.code(409),
        "transition_not_allowed"
    );
    for role in ["alliance_lead", "provider", "employer"] {
        assert_eq!(world.server.nth(role, 1, 0).await.get(&grant.path("grant")).await.code(404), "not_found");
    }
    grant.partners_officer.get(&grant.path("grant")).await.expect(200);
    world.stop().await;
}

/// A member of the committee judges proposals: what its organisation proposes stays hidden from it, the accounts too.
#[tokio::test]
async fn a_partners_evaluator_does_not_see_its_accounts() {
    let world = World::start().await;
    let grant = Grant::running(&world).await;
    let report = grant.report("2020-09-01", "2020-12-31").await;
    let expense =
        grant.expense(&world.alliances, &report, &grant.invoice("1", "services", "grant", "10.00")).await;
    let person = world.enrol(&[("evaluator", &grant.partner)]).await;
    for path in [
        grant.path("grant"),
        grant.path("executive-budgets"),
        grant.path("agreements"),
        grant.path("cofinancing-position"),
        report,
        expense,
    ] {
        assert_eq!(person.caller.get(&path).await.code(404), "not_found", "{path}");
    }
    for list in ["/v1/expense-reports", "/v1/grant-payments"] {
        assert_eq!(person.caller.get(list).await.expect(200)["items"], json!([]), "{list}");
    }
    world.stop().await;
}

#[tokio::test]
async fn the_executive_budget_fits_the_grant_to_the_cent() {
    let world = World::start().await;
    let grant = Grant::of(&world).await;
    grant.accept().await;
    let good = grant.budget();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = good.clone();
        change(&mut body);
        body
    };
    #[allow(clippy::type_complexity, reason = "one list of one test")]
    let wrong: [(&dyn Fn(&mut Value), &str); 8] = [
        (&|b| b["costs"]["general"] = json!("1038.39"), "/costs"),
        (&|b| b["costs"]["general"] = json!("1038.41"), "/costs"),
        // The lead puts in a cent: the partner's 8,571.42 are not 30% of the total.
        (
            &|b| (b["cofinancing"][0]["monetary"], b["costs"]["general"]) = (json!("0.01"), json!("0.00")),
            "/cofinancing",
        ),
        (&|b| b["costs"]["coordination"] = json!("5577.19"), "/costs/coordination"),
        (
            &|b| b["cofinancing"][1]["organisation_id"] = b["cofinancing"][0]["organisation_id"].clone(),
            "/cofinancing/1/organisation_id",
        ),
        (&|b| b["cofinancing"][0]["organisation_id"] = json!(world.territory), "/cofinancing/0/organisation_id"),
        (&|b| b["costs"]["services"] = json!("-1.00"), "/costs/services"),
        (&|b| b["costs"]["services"] = json!("99999999999.00"), "/costs/services"),
    ];
    for (change, pointer) in wrong {
        let refused = grant.put(&world.alliances, "executive-budget", &with(change)).await;
        assert!(matches!(refused.status, 400 | 422), "{pointer}: {}", refused.body);
        assert!(pointers(&refused).iter().any(|found| found.starts_with(pointer)), "{pointer}: {}", refused.body);
    }
    // 15% of 37,181.25 is 5,577.1875, cut to the cent.
    let limit = with(&|b| b["costs"]["coordination"] = json!("5577.18"));
    grant.put(&world.alliances, "executive-budget", &limit).await.expect(200);
    let path = grant.path("executive-budget");
    assert_eq!(world.alliances.put(&path, &good).await.code(428), "precondition_required");
    let first = world.alliances.get(&grant.path("grant")).await.etag().to_owned();
    grant.put(&world.alliances, "executive-budget", &good).await.expect(200);
    assert_eq!(world.alliances.with("if-match", &first).put(&path, &good).await.code(412), "precondition_failed");
    assert_eq!(grant.put(&world.ats, "executive-budget", &good).await.code(403), "forbidden");
    world.stop().await;
}

#[tokio::test]
async fn an_agreement_needs_its_parts_and_two_persons() {
    let world = World::start().await;
    let grant = Grant::of(&world).await;
    let agency = world.organisation("ATS della Val Padana").await;
    let both = world.enrol(&[("ats", &agency), ("alliance_lead", &grant.lead)]).await;
    grant.accept().await;
    let act = json!({"act": "Decreto n. 300", "act_date": "2020-08-20"});
    assert_eq!(world.ats.post(&grant.path("agreements"), &act).await.code(409), "conflict", "no budget, no CUP");
    for cup in [
        "",
        "J41B2000000001",
        "J41B200000000012",
        "j41B20000000001",
        "141B20000000001",
        "J41B2000000000A",
        "J4-B20000000001",
    ] {
        let refused = grant.put(&world.ats, "grant/cup", &json!({"cup": cup})).await;
        assert_eq!(
            (refused.code(422), pointers(&refused)),
            ("validation_failed", vec!["/cup".to_owned()]),
            "{cup}"
        );
    }
    // A CUP is of one project.
    let of_another = format!("SELECT min(cup) FROM grants WHERE territory_id = '{}'", world.territory);
    let taken = json!({"cup": world.value(&of_another).await});
    let refused = grant.put(&world.ats, "grant/cup", &taken).await;
    assert_eq!((refused.code(409), pointers(&refused)), ("already_exists", vec!["/cup".to_owned()]));
    for (tranches, pointer) in [
        (
            json!([{"kind": "advance", "share": "0.50"}, {"kind": "balance", "share": "0.51"}]),
            "/tranches/1/amount",
        ),
        (json!([{"kind": "balance", "share": "0.50"}, {"kind": "advance", "share": "0.50"}]), "/tranches/0/kind"),
        (json!([{"kind": "advance", "amount": "20038.41"}]), "/tranches/0/amount"),
        (json!([{"kind": "advance", "amount": "1.00", "share": "0.50"}]), "/tranches/0/amount"),
    ] {
        let refused = grant.put(&world.ats, "grant/tranches", &json!({"tranches": tranches})).await;
        assert_eq!((refused.code(422), pointers(&refused)), ("validation_failed", vec![pointer.to_owned()]));
    }
    grant.prepare().await;
    let amounts: Vec<Value> = grant.shown().await["tranches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tranche| tranche["amount"].clone())
        .collect();
    assert_eq!(amounts, ["10019.20", "6011.52", "4007.68"]);
    assert_eq!(grant.order(&world.ats, 1, None).await.code(409), "agreement_not_signed");

    let agreement = grant.agreement().await;
    assert_eq!(grant.sign(&world.ats, &agreement, "lead").await.code(404), "not_found");
    let early = json!({"party": "agency", "signed_on": "2020-08-19"});
    assert_eq!(pointers(&world.ats.post(&format!("{agreement}/sign"), &early).await), ["/signed_on"]);
    grant.sign(&both.caller, &agreement, "lead").await.expect(200);
    assert_eq!(grant.order(&world.ats, 1, None).await.code(409), "agreement_not_signed", "one of two");
    assert_eq!(grant.sign(&both.caller, &agreement, "agency").await.code(409), "approver_is_author");
    assert_eq!(grant.put(&world.alliances, "executive-budget", &grant.budget()).await.code(409), "conflict");
    assert_eq!(grant.act(&world.alliances, "start").await.status, 409, "not signed");
    let (one, other) = tokio::join!(
        grant.sign(&world.ats, &agreement, "agency"),
        grant.sign(&world.colleague, &agreement, "agency")
    );
    let mut states = [one.status, other.status];
    states.sort_unstable();
    assert_eq!(states, [200, 409]);
    assert_eq!(grant.shown().await["state"], "signed");
    let cup =
        put(&world.ats, &grant.path("grant"), &grant.path("grant/cup"), &json!({"cup": "J41B20000000002"})).await;
    assert_eq!(cup.code(409), "conflict", "the agreement bears it");
    world.stop().await;
}

#[tokio::test]
async fn what_was_assigned_is_shown_before_it_is_accepted() {
    let world = World::start().await;
    let grant = Grant::of(&world).await;
    let plan = "SELECT plan_id FROM project_calls WHERE number = 900";
    let plan = format!("/v1/plans/{}", world.value(plan).await);
    let figures = world.ats.get(&format!("{plan}/indicators?limit=200")).await.expect(200);
    let paid = figures["items"].as_array().unwrap().iter().find(|one| one["indicator"] == "project_paid");
    let paid = paid.expect("a figure of the project");
    assert_eq!((&paid["numerator"], &paid["denominator"]), (&json!("0.00"), &json!("20038.40")));
    let of_paper = async || read(file(&world.ats, &format!("{plan}/document")).await).await.1;
    let row = "Progetto20.038,40€0,00€0%";
    assert!(of_paper().await.contains(row), "{}", of_paper().await);
    grant.accept().await;
    assert!(of_paper().await.contains(row), "as when it is");
    world.stop().await;
}
