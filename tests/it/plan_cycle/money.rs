//! Payments, shifts and the final account: what two officers do at once, what a threshold lets pass, what is given back.

use super::grant::Grant;
use super::world::{World, text};
use futures_util::future::join_all;
use serde_json::{Value, json};

#[tokio::test]
async fn two_officers_at_once_order_approve_and_pay_a_tranche_once() {
    let world = World::start().await;
    let grant = Grant::running(&world).await;
    let officers = [&world.ats, &world.colleague];
    let orders = join_all((0..10).map(|nth| grant.order(officers[nth % 2], 1, None))).await;
    let made: Vec<&Value> =
        orders.iter().filter(|answer| answer.status == 201).map(|answer| &answer.body).collect();
    assert_eq!((made.len(), &made[0]["amount"]), (1, &json!("10019.20")));
    for loser in orders.iter().filter(|answer| answer.status != 201) {
        assert_eq!(loser.code(409), "grant_exceeded");
    }
    let path = format!("/v1/grant-payments/{}", text(&made[0]["id"]));
    let by_ats =
        world.value(&format!("SELECT created_by FROM grant_payments WHERE id = '{}'", text(&made[0]["id"]))).await
            == text(&world.ats.get("/v1/me").await.expect(200)["id"]);
    let (author, approver) = if by_ats { (&world.ats, &world.colleague) } else { (&world.colleague, &world.ats) };
    let paid = json!({"payment_reference": "Mandato n. 1834", "paid_on": "2020-09-15"});
    assert_eq!(approver.post(&format!("{path}/pay"), &paid).await.code(409), "transition_not_allowed");
    let approve = format!("{path}/approve");
    assert_eq!(author.act(&approve).await.code(409), "approver_is_author");
    let answers = join_all((0..6).map(|_| approver.act(&approve))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for (day, code) in [("2020-09-05", "date_order"), ("2099-01-01", "in_future")] {
        let wrong = json!({"payment_reference": "Mandato", "paid_on": day});
        let refused = approver.post(&format!("{path}/pay"), &wrong).await;
        assert_eq!((refused.code(422), &refused.body["errors"][0]["code"]), ("validation_failed", &json!(code)));
    }
    let pay = format!("{path}/pay");
    let answers = join_all((0..8).map(|nth| officers[nth % 2].post(&pay, &paid))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(grant.shown().await["paid"], "10019.20");

    // One key, one order; the balance waits for the settlement; interim money for validated expenses.
    assert_eq!(grant.order(&world.ats, 3, None).await.code(409), "grant_exceeded");
    assert_eq!(grant.order(&world.ats, 2, Some("0.01")).await.code(409), "grant_exceeded");
    assert_eq!(grant.order(&world.ats, 4, None).await.body["errors"][0]["pointer"], "/tranche_number");
    let stranger = world.server.nth("ats", 1, 0).await;
    assert_eq!(grant.order(&stranger, 1, None).await.body["errors"][0]["pointer"], "/project_id");
    assert_eq!(stranger.get(&path).await.code(404), "not_found");
    world.stop().await;
}

#[tokio::test]
async fn shifts_within_the_threshold_are_free_and_small_ones_add_up() {
    let world = World::start().await;
    let grant = Grant::running(&world).await;
    let path = grant.path("budget-shifts");
    let shift = |from: &str, to: &str, amount: &str| json!({"from_item": from, "to_item": to, "amount": amount, "reason": "Acquisto di materiali"});
    // 10% of the 27,000 of item C.
    let first = world.alliances.post(&path, &shift("services", "goods", "2699.99")).await.expect(201);
    assert_eq!((&first["state"], &first["free_amount"]), (&json!("free"), &json!("2700.00")));
    let both = shift("services", "goods", "0.01");
    let last = join_all((0..2).map(|_| world.alliances.post(&path, &both))).await;
    let mut states: Vec<String> = last.into_iter().map(|answer| text(&answer.expect(201)["state"])).collect();
    states.sort();
    assert_eq!(states, ["free", "requested"], "the second cent is above it");
    for (from, to, amount, pointer) in [
        ("services", "services", "1.00", "/to_item"),
        ("services", "coordination", "1577.19", "/amount"),
        ("general", "goods", "1038.41", "/amount"),
        ("general", "goods", "0.00", "/amount"),
        ("general", "goods", "-1.00", "/amount"),
    ] {
        let refused = world.alliances.post(&path, &shift(from, to, amount)).await;
        assert!(matches!(refused.status, 400 | 422), "{}", refused.body);
        assert_eq!(refused.body["errors"][0]["pointer"], pointer, "{}", refused.body);
    }
    let above = world.alliances.post(&path, &shift("general", "goods", "103.85")).await.expect(201);
    assert_eq!((&above["state"], &above["free_amount"]), (&json!("requested"), &json!("103.84")));
    let item = async |name: &str| {
        let shown = grant.shown().await;
        let items = shown["items"].as_array().expect("items").clone();
        text(&items.iter().find(|item| item["item"] == json!(name)).expect("the item")["budget"])
    };
    assert_eq!((item("goods").await, item("general").await), ("2700.00".into(), "1038.40".into()));
    let approve = format!("/v1/budget-shifts/{}/approve", text(&above["id"]));
    assert_eq!(world.alliances.act(&approve).await.code(403), "forbidden");
    let answers = join_all([world.ats.act(&approve), world.colleague.act(&approve)]).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!((item("goods").await, item("general").await), ("2803.85".into(), "934.55".into()));
    assert_eq!(grant.partners_officer.post(&path, &both).await.code(403), "forbidden");
    world.stop().await;
}

#[tokio::test]
async fn the_final_account_cuts_the_grant_to_its_share_and_asks_the_rest_back() {
    let world = World::start().await;
    let grant = Grant::running(&world).await;
    grant.pay(&grant.order(&world.ats, 1, None).await.expect(201)).await;
    let report = grant.report("2020-09-01", "2020-12-31").await;
    grant.expense(&world.alliances, &report, &grant.invoice("1", "services", "grant", "7000.00")).await;
    grant.expense(&world.alliances, &report, &grant.invoice("2", "services", "monetary", "1500.00")).await;
    grant.expense(&grant.partners_officer, &report, &grant.hours("T1", "25.00", "20.00")).await;
    let settle = grant.path("settlement");
    assert_eq!(world.ats.act(&settle).await.code(409), "conflict", "a report is open");
    grant.validate(&report).await;

    // 2,000.00 are 30% of at most 6,666.69, cut to the cent: 4,666.69 of grant.
    let settled = world.ats.act(&settle).await.expect(201);
    let found =
        ["grant_expenses", "monetary", "in_kind", "within_share", "admissible", "paid", "to_pay", "give_back"];
    let found = found.map(|name| text(&settled[name]));
    assert_eq!(found, ["7000.00", "1500.00", "500.00", "4666.69", "4666.69", "10019.20", "0.00", "5352.51"]);
    let act = json!({"act": "Decreto n. 900", "act_date": "2023-02-01"});
    let approve = grant.path("settlement/approve");
    assert_eq!(world.ats.post(&approve, &act).await.code(409), "approver_is_author");
    let recovery = |amount: &str, reference: &str| json!({"amount": amount, "received_on": "2023-03-01", "reference": reference});
    let recoveries = grant.path("grant/recoveries");
    assert_eq!(world.ats.post(&recoveries, &recovery("1.00", "R0")).await.code(409), "grant_exceeded");
    world.colleague.post(&approve, &act).await.expect(200);
    assert_eq!(grant.shown().await["to_give_back"], "5352.51");
    assert_eq!(grant.order(&world.ats, 3, None).await.code(409), "grant_exceeded", "nothing is due");
    assert_eq!(grant.act(&world.ats, "close").await.code(409), "conflict", "it is still to give back");

    assert_eq!(world.ats.post(&recoveries, &recovery("5352.52", "R1")).await.code(409), "grant_exceeded");
    world.ats.post(&recoveries, &recovery("352.51", "R1")).await.expect(200);
    assert_eq!(world.ats.post(&recoveries, &recovery("1.00", "R1")).await.code(409), "already_exists");
    let references: Vec<Value> = (2..8).map(|nth| recovery("5000.00", &format!("R{nth}"))).collect();
    let answers = join_all(references.iter().map(|body| world.ats.post(&recoveries, body))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "not twice");
    assert_eq!(grant.shown().await["to_give_back"], "0.00");
    grant.act(&world.ats, "close").await.expect(200);
    assert_eq!(world.ats.act(&settle).await.code(409), "transition_not_allowed");
    let late = json!({"period_from": "2021-01-01", "period_to": "2021-06-30"});
    assert_eq!(world.alliances.post(&grant.path("expense-reports"), &late).await.code(409), "conflict");
    world.stop().await;
}

#[tokio::test]
async fn a_euro_of_the_demo_is_followed_both_ways() {
    let world = World::start().await;
    let pages = async |query: &str| {
        let (mut nodes, mut next) = (vec![], String::new());
        loop {
            let page = world.ats.get(&format!("/v1/funding-trace?limit=200&{query}{next}")).await.expect(200);
            nodes.extend(page["items"].as_array().expect("items").clone());
            match page["next"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => return nodes,
            }
        }
    };
    let whole = pages("").await;
    let of_kind =
        |kind: &str| whole.iter().find(|node| node["kind"] == json!(kind)).unwrap_or_else(|| panic!("no {kind}"));
    let order = of_kind("order");
    let up = pages(&format!("order_id={}", text(&order["resource_id"]))).await;
    let mut at = order.clone();
    let mut passed = vec![];
    while !at["parent_id"].is_null() {
        let above = up.iter().find(|node| node["kind"] == at["parent_kind"] && node["id"] == at["parent_id"]);
        at = above.expect("the node above").clone();
        passed.push(text(&at["kind"]));
    }
    assert_eq!(passed, ["voucher", "voucher_call", "cost_item", "project", "project_call", "plan"]);
    let down = pages(&format!("plan_id={}", text(&at["resource_id"]))).await;
    assert!(down.iter().any(|node| node == order), "what goes up comes down");

    let stranger = world.server.nth("ats", 1, 0).await;
    let query = format!("/v1/funding-trace?order_id={}", text(&order["resource_id"]));
    assert_eq!(stranger.get(&query).await.code(404), "not_found");
    assert_eq!(world.server.nth("alliance_lead", 1, 0).await.get(&query).await.code(404), "not_found");
    let mismatch = format!("{query}&plan_id={}", text(&order["resource_id"]));
    assert_eq!(world.ats.get(&mismatch).await.code(404), "not_found");
    world.stop().await;
}
