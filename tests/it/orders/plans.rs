use super::market::{Market, cents, text};
use serde_json::json;

#[tokio::test]
async fn the_preview_walks_the_items_and_submission_keeps_its_word() {
    let market = Market::open().await;
    let (available, held, spent) = market.money().await;
    let offer = market.offer("100.00", 1, 8, 240).await;
    let mut own = market.item(&offer);
    own["voucher_id"] = json!(null);
    let plan = market
        .draft(&[market.item(&offer), own, market.item(&offer), market.item(&offer), market.item(&offer)])
        .await;
    let items = plan["items"].as_array().expect("items");
    let mut left = available;
    for (index, item) in items.iter().enumerate() {
        let covered = if index == 1 { 0 } else { left.min(10_000) };
        left -= covered;
        assert_eq!(
            (cents(&item["covered"]), cents(&item["family_share"])),
            (covered, 10_000 - covered),
            "{index}"
        );
        assert_eq!(item["warnings"], json!([]));
        assert_eq!(item["order_id"], json!(null));
    }
    assert_eq!(cents(&plan["total"]), 50_000);
    assert_eq!(cents(&plan["covered"]), available - left);
    assert_eq!(
        plan["children"],
        json!([{"household_member_id": market.child, "total": "500.00",
        "covered": plan["covered"], "family_share": plan["family_share"]}])
    );
    assert_eq!(plan["vouchers"][0]["covered"], plan["covered"]);
    assert_eq!(market.money().await, (available, held, spent), "a draft holds nothing");

    let path = format!("/v1/family-plans/{}", text(&plan["id"]));
    let less = json!({"expected_family_share": "0.01"});
    assert_eq!(market.worker.post(&format!("{path}/submit"), &less).await.code(409), "insufficient_balance");
    let enough = json!({"expected_family_share": plan["family_share"]});
    let submitted = market.worker.post(&format!("{path}/submit"), &enough).await.expect(200);
    assert_eq!(market.worker.get(&path).await.expect(200), submitted);
    assert_eq!(submitted["covered"], plan["covered"]);
    assert_eq!(market.money().await, (left, held + available - left, spent));
    assert_eq!(market.free_places(&offer).await, [3]);
    assert_eq!(market.submit(&plan).await.code(409), "transition_not_allowed");
    market.server.stop().await;
}

#[tokio::test]
async fn one_item_that_cannot_be_ordered_stops_them_all() {
    let market = Market::open().await;
    let before = market.money().await;
    let good = market.offer("10.00", 1, 8, 240).await;
    let full = market.offer("10.00", 1, 1, 240).await;
    let plan = market.draft(&[market.item(&good), market.item(&full), market.item(&full)]).await;
    assert_eq!(plan["items"][2]["warnings"], json!(["no_places_left"]));
    let refusal = market.submit(&plan).await;
    assert_eq!(refusal.code(409), "no_places_left");
    assert_eq!(refusal.body["errors"][0]["pointer"], "/items/2");
    assert_eq!(market.money().await, before);
    assert_eq!((market.free_places(&good).await, market.free_places(&full).await), (vec![8], vec![1]));
    market.server.stop().await;
}

#[tokio::test]
async fn the_rules_of_booking_are_named() {
    let market = Market::open().await;
    let offer = market.offer("10.00", 2, 8, 240).await;
    let other = market.offer("10.00", 1, 8, 240).await;
    let withdrawn = market.offer("10.00", 1, 8, 240).await;
    let after_two_years = market.offer("10.00", 1, 8, 24 * 730).await;
    let item = market.item(&offer);
    let with = |field: &str, value: serde_json::Value| {
        let mut item = item.clone();
        item[field] = value;
        item
    };
    let withdrawn_plan = market.draft(&[market.item(&withdrawn)]).await;
    let reason = json!({"reason": "prova"});
    let path = format!("/v1/services/{}/withdraw", withdrawn.service);
    let answer = market.provider.post(&path, &reason).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let cases = [
        (
            market.draft(&[with("service_session_id", json!(null))]).await,
            "service_not_bookable",
            "session_required",
        ),
        (
            market.draft(&[with("service_session_id", json!(other.sessions[0]))]).await,
            "service_not_bookable",
            "session_of_another_service",
        ),
        (withdrawn_plan, "service_not_bookable", "service_not_published"),
        (market.draft(&[market.item(&after_two_years)]).await, "voucher_not_spendable", "session_after_spend_by"),
    ];
    for (plan, code, rule) in cases {
        let refusal = market.submit(&plan).await;
        assert_eq!(refusal.code(409), code);
        assert_eq!(refusal.body["errors"][0]["code"], rule);
        let again = market.worker.get(&format!("/v1/family-plans/{}", text(&plan["id"]))).await.expect(200);
        assert_eq!(again["items"][0]["warnings"], json!([rule]));
    }
    for (field, value) in
        [("voucher_id", json!(uuid::Uuid::nil())), ("household_member_id", json!(uuid::Uuid::nil()))]
    {
        let body = json!({"store_id": market.store_id, "items": [with(field, value)]});
        let refusal = market.worker.post("/v1/family-plans", &body).await;
        assert_eq!(refusal.code(422), "validation_failed");
        assert_eq!(refusal.body["errors"][0]["pointer"], format!("/items/0/{field}"));
    }
    market.server.stop().await;
}
