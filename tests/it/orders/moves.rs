use super::market::{Market, text};
use chrono::{Duration, Utc};
use serde_json::{Value, json};

#[tokio::test]
async fn each_role_sees_of_an_order_what_it_needs() {
    let market = Market::open().await;
    let offer = market.offer("10.00", 2, 8, 240).await;
    let mut item = market.item(&offer);
    item["note"] = json!("Arriva alle 16.");
    let path = format!("/v1/orders/{}", market.order(item).await);
    let proposal = json!({"service_session_id": offer.sessions[1], "note": "Il lunedì è al completo."});
    market.provider.post(&format!("{path}/propose"), &proposal).await.expect(200);
    market.worker.post(&format!("{path}/cancel"), &json!({"reason": "Non serve più."})).await.expect(200);
    let family = market.worker.get(&path).await.expect(200);
    assert_eq!(family["household_member_id"], market.child.as_str());
    assert_eq!(family["voucher_id"], market.voucher.as_str());
    let provider = market.provider.get(&path).await.expect(200);
    assert_eq!(provider["child"], family["child"]);
    assert!(provider["child"]["age"].is_number());
    assert_eq!((&provider["household_member_id"], &provider["voucher_id"]), (&Value::Null, &Value::Null));
    for party in [&family, &provider] {
        assert_eq!((&party["note"], &party["proposal_note"]), (&json!("Arriva alle 16."), &proposal["note"]));
        assert_eq!(party["history"][2]["reason"], "Non serve più.");
    }
    for role in ["alliance_lead", "ats"] {
        let officer = market.server.role(role).await.get(&path).await.expect(200);
        for kept in ["child", "note", "proposal_note"] {
            assert_eq!(officer[kept], Value::Null, "{kept} for {role}");
        }
        let mut history = family["history"].clone();
        for made in history.as_array_mut().expect("moves") {
            made["reason"] = Value::Null;
        }
        assert_eq!(officer["history"], history, "{role}");
    }
    let others =
        [("provider", 0, 1), ("provider", 1, 0), ("ats", 1, 0), ("alliance_lead", 1, 0), ("worker", 1, 0)];
    for (role, territory, nth) in others {
        let stranger = market.server.nth(role, territory, nth).await;
        assert_eq!(stranger.get(&path).await.code(404), "not_found", "{role}");
        let listed = stranger.get("/v1/orders?limit=200").await.expect(200);
        assert!(listed["items"].as_array().expect("orders").iter().all(|order| order["id"] != family["id"]));
    }
    let answer = market.provider.with("if-none-match", market.provider.get(&path).await.etag()).get(&path).await;
    assert_eq!(answer.status, 304);
    market.server.stop().await;
}

#[tokio::test]
async fn an_order_says_what_was_ordered() {
    let market = Market::open().await;
    let offer = market.offer("10.00", 2, 8, 240).await;
    let order = format!("/v1/orders/{}", market.order(market.item(&offer)).await);
    let before = market.worker.get(&order).await.expect(200);
    assert_eq!(
        (before["service_title_it"].as_str(), before["service_title_en"].as_str()),
        (Some("Prova"), Some("Trial"))
    );

    let service = format!("/v1/services/{}", offer.service);
    let mut renamed = market.service("12.00");
    renamed["title_it"] = json!("Tutt'altro");
    let version = market.provider.get(&service).await.etag().to_owned();
    market.provider.with("if-match", &version).put(&service, &renamed).await.expect(200);
    let sessions = market.provider.get(&format!("{service}/sessions")).await.expect(200)["items"].clone();
    let session = |id: &str| sessions.as_array().unwrap().iter().find(|s| s["id"] == id).unwrap().clone();
    let after = market.worker.get(&order).await.expect(200);
    assert_eq!((&after["service_title_it"], &after["unit_price"]), (&before["service_title_it"], &json!("10.00")));
    assert_eq!(after["starts_at"], session(&offer.sessions[0])["starts_at"]);

    market
        .provider
        .post(&format!("{order}/propose"), &json!({"service_session_id": offer.sessions[1]}))
        .await
        .expect(200);
    assert_eq!(market.worker.get(&order).await.expect(200)["starts_at"], before["starts_at"], "only proposed");
    market.worker.act(&format!("{order}/accept-proposal")).await.expect(200);
    let moved = market.worker.get(&order).await.expect(200);
    for time in ["starts_at", "ends_at"] {
        assert_eq!(moved[time], session(&offer.sessions[1])[time], "{time}");
    }
    market.server.stop().await;
}

#[tokio::test]
async fn a_session_after_the_vouchers_last_day_is_not_proposed() {
    let market = Market::open().await;
    let offer = market.offer("10.00", 1, 8, 240).await;
    let in_two_years = Utc::now() + Duration::days(730);
    let late = json!({"starts_at": in_two_years, "ends_at": in_two_years + Duration::hours(2), "capacity": 8});
    let late = market.provider.post(&format!("/v1/services/{}/sessions", offer.service), &late).await.expect(201);
    let proposal = json!({"service_session_id": late["id"]});
    let mut unaided = market.item(&offer);
    unaided["voucher_id"] = json!(null);
    let with_voucher = format!("/v1/orders/{}/propose", market.order(market.item(&offer)).await);
    let refusal = market.provider.post(&with_voucher, &proposal).await;
    assert_eq!(refusal.code(409), "voucher_not_spendable");
    assert_eq!(refusal.body["errors"][0]["code"], "session_after_spend_by");
    let without = format!("/v1/orders/{}/propose", market.order(unaided).await);
    market.provider.post(&without, &proposal).await.expect(200);

    // Nor does a voucher that pays nothing, as the item before took all of it, say when its order may be.
    let left = market.money().await.0;
    let dear = market.offer(&format!("{}.{:02}", left / 100, left % 100), 1, 8, 240).await;
    let plan = market.draft(&[market.item(&dear), market.item(&offer)]).await;
    let placed = market.submit(&plan).await.expect(200);
    assert_eq!(placed["items"][1]["covered"], "0.00");
    let unpaid = format!("/v1/orders/{}/propose", text(&placed["items"][1]["order_id"]));
    market.provider.post(&unpaid, &proposal).await.expect(200);
    market.server.stop().await;
}

#[tokio::test]
async fn it_is_too_late_to_cancel_on_the_eve() {
    let market = Market::open().await;
    let offer = market.offer("10.00", 1, 8, 3).await;
    let path = format!("/v1/orders/{}", market.order(market.item(&offer)).await);
    market.provider.act(&format!("{path}/confirm")).await.expect(200);
    let reason = json!({"reason": "prova"});
    assert_eq!(market.worker.post(&format!("{path}/cancel"), &reason).await.code(409), "cancellation_too_late");
    let cancelled = market.provider.post(&format!("{path}/cancel"), &reason).await.expect(200);
    assert_eq!(cancelled["history"][2]["reason"], "prova");
    assert_eq!(market.free_places(&offer).await, [8]);
    market.server.stop().await;
}

/// States in which an order holds the voucher's money, has spent it, and keeps a place.
fn holdings(order: &Value) -> (i64, i64, i64) {
    match order["state"].as_str().expect("a state") {
        "requested" | "confirmed" | "in_service" | "delivered" => (1, 0, 1),
        "proposed" => (1, 0, 2),
        "accepted" => (0, 1, 1),
        _ => (0, 0, 0),
    }
}

#[tokio::test]
async fn any_sequence_of_moves_keeps_money_and_places_straight() {
    const PRICE: i64 = 300;
    let market = Market::open().await;
    let (available, held, spent) = market.money().await;
    let offer = market.offer("3.00", 3, 20, 240).await;
    let mut orders = vec![];
    for _ in 0..6 {
        orders.push(format!("/v1/orders/{}", market.order(market.item(&offer)).await));
    }
    let moves = [
        "confirm",
        "reject",
        "propose",
        "accept-proposal",
        "decline-proposal",
        "start",
        "deliver",
        "accept",
        "cancel",
    ];
    // A small generator of its own: the same sequence on each run.
    let mut seed: u64 = 2026;
    let mut choose = |among: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("31 bits") % among
    };
    let mut made = 0;
    for _ in 0..120 {
        let (order, step) = (&orders[choose(orders.len())], moves[choose(moves.len())]);
        let body = match step {
            "propose" => json!({"service_session_id": offer.sessions[1 + choose(2)]}),
            "reject" | "cancel" => json!({"reason": "prova"}),
            _ => Value::Null,
        };
        let caller = match step {
            "accept-proposal" | "decline-proposal" | "accept" => &market.worker,
            _ => &market.provider,
        };
        let path = format!("{order}/{step}");
        let answer = if body.is_null() { caller.act(&path).await } else { caller.post(&path, &body).await };
        if answer.status == 200 {
            made += 1;
        } else {
            assert_eq!(answer.code(409), "transition_not_allowed", "{path}");
        }
        let mut expected = (0, 0, 0);
        for order in &orders {
            let (held, spent, places) = holdings(&market.worker.get(order).await.expect(200));
            expected = (expected.0 + held, expected.1 + spent, expected.2 + places);
        }
        let (in_hold, owed) = (expected.0 * PRICE, expected.1 * PRICE);
        assert_eq!(market.money().await, (available - in_hold - owed, held + in_hold, spent + owed), "{path}");
        assert_eq!(market.free_places(&offer).await.iter().sum::<i64>(), 60 - expected.2, "{path}");
        assert_eq!(
            text(&market.worker.get(order).await.expect(200)["id"]),
            order.rsplit('/').next().unwrap_or_default()
        );
    }
    assert!(made > 10, "only {made} moves were allowed");
    market.server.stop().await;
}
