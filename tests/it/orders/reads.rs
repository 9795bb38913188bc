//! Orders that are asked for at the same time are read together, and each caller sees what it sees alone.

use super::count::{count, waiting};
use super::market::Market;
use concilia_tests::{Answer, Caller};
use diesel_async::SimpleAsyncConnection;
use futures_util::future::{join, join_all};
use serde_json::json;
use std::time::Duration;

/// Orders with a note, as their addresses.
async fn placed_orders(market: &Market, number: usize) -> Vec<String> {
    let offer = market.offer("1.00", 1, 40, 240).await;
    let mut item = market.item(&offer);
    item["note"] = json!("Allergia alle noci.");
    let mut orders = vec![];
    for _ in 0..number {
        orders.push(format!("/v1/orders/{}", market.order(item.clone()).await));
    }
    orders
}

#[tokio::test]
async fn read_together_an_order_shows_each_caller_what_it_shows_alone() {
    let market = Market::open().await;
    let mut orders = placed_orders(&market, 3).await;
    orders.push(format!("/v1/orders/{}", market.store_id));
    let server = &market.server;
    let callers: [Caller; 8] = [
        market.worker.clone(),
        market.provider.clone(),
        server.role("ats").await,
        server.role("alliance_lead").await,
        server.nth("ats", 1, 0).await,
        server.nth("worker", 1, 0).await,
        server.nth("provider", 1, 0).await,
        server.role("evaluator").await,
    ];
    let asked = || callers.iter().flat_map(|caller| orders.iter().map(move |order| (caller, order)));
    let mut alone = vec![];
    for (caller, order) in asked() {
        alone.push(caller.get(order).await);
    }
    let seen = |answer: &Answer| (answer.status, answer.body["note"].clone(), answer.body["child"].is_null());
    let note = json!("Allergia alle noci.");
    assert_eq!(seen(&alone[0]), (200, note.clone(), false), "the family");
    assert_eq!(seen(&alone[4]), (200, note, false), "the provider");
    assert_eq!(seen(&alone[8]), (200, json!(null), true), "the agency");
    for (answer, (_, order)) in alone.iter().zip(asked()) {
        assert_eq!(
            answer.status == 404 || answer.status == 403,
            answer.body.get("placed_at").is_none(),
            "{order}"
        );
    }
    assert!(alone[16..].iter().all(|answer| answer.status != 200), "another territory, and who only scores");

    // The first turn waits for the table, so that the others stand in one.
    let (mut blocker, mut watcher) = (server.db.connect().await, server.db.connect().await);
    blocker.batch_execute("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
    let release = async {
        waiting(&mut watcher, 1).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        blocker.batch_execute("COMMIT").await.expect("released");
    };
    let rounds = 3;
    let reads = (0..rounds).flat_map(|_| asked()).map(|(caller, order)| caller.get(order));
    let (together, ()) = join(join_all(reads), release).await;
    for (position, answer) in together.iter().enumerate() {
        let expected = &alone[position % alone.len()];
        assert_eq!(answer.status, expected.status);
        if answer.status == 200 {
            assert_eq!((&answer.body, answer.etag()), (&expected.body, expected.etag()));
        }
    }
    market.server.stop().await;
}

#[tokio::test]
async fn a_lost_connection_loses_no_read() {
    let market = Market::open().await;
    let orders = placed_orders(&market, 2).await;
    let read_all = || join_all(orders.iter().cycle().take(12).map(|order| market.worker.get(order)));
    read_all().await;
    let killed = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                   WHERE datname = current_database() AND query LIKE 'SELECT o.id, o.territory_id%' AND state = 'idle'";
    let killed = count(&mut market.server.db.connect().await, killed).await;
    assert!(killed > 0, "the turns have a connection of their own");
    for answer in read_all().await {
        assert_eq!(answer.expect(200)["state"], "requested");
    }
    market.server.stop().await;
}
