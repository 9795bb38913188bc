//! A provider that is accredited no more.

use super::market::Market;
use serde_json::json;

#[tokio::test]
async fn who_is_accredited_no_more_sells_no_more_and_ends_what_was_ordered() {
    let market = Market::open().await;
    let lead = market.server.role("alliance_lead").await;
    let offer = market.offer("10.00", 1, 5, 240).await;
    let order = market.order(market.item(&offer)).await;
    let draft = market.draft(&[market.item(&offer)]).await;
    let providers = format!("/v1/stores/{}/providers", market.store_id);
    let revoke = format!("{providers}/{}/revoke", market.provider_id);
    let reason = json!({"reason": "Ha lasciato la rete."});
    assert_eq!(market.provider.post(&revoke, &reason).await.code(403), "forbidden");
    lead.post(&revoke, &reason).await.expect(204);
    assert_eq!(lead.post(&revoke, &reason).await.code(404), "not_found");

    let anyone = market.server.anyone();
    assert_eq!(anyone.get(&format!("/v1/services/{}", offer.service)).await.code(404), "not_found");
    let listed = anyone.get(&format!("{providers}?limit=200")).await.expect(200);
    let named = listed["items"].as_array().expect("providers").iter();
    assert!(!named.map(|one| &one["organisation_id"]).any(|id| id == market.provider_id.as_str()));
    assert_eq!(market.submit(&draft).await.code(409), "service_not_bookable");
    assert_eq!(
        market.provider.act(&format!("/v1/services/{}/publish", offer.service)).await.code(409),
        "conflict"
    );
    market.provider.act(&format!("/v1/orders/{order}/confirm")).await.expect(200);

    lead.post(&providers, &json!({"organisation_id": market.provider_id})).await.expect(201);
    market.provider.act(&format!("/v1/services/{}/publish", offer.service)).await.expect(200);
    market.submit(&draft).await.expect(200);
    market.server.stop().await;
}
