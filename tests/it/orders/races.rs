use super::market::{Market, cents, text};
use concilia_tests::Answer;
use futures_util::future::join_all;
use serde_json::{Value, json};

fn told(answers: &[Answer]) -> (usize, Vec<&str>) {
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    let lost = answers.iter().filter(|answer| answer.status != 200).map(|answer| answer.code(409)).collect();
    (won, lost)
}

#[tokio::test]
async fn fifty_plans_on_one_voucher_never_overdraw_it() {
    let market = Market::open().await;
    let (available, held, spent) = market.money().await;
    let offer = market.offer("70.00", 1, 100, 240).await;
    let item = market.item(&offer);
    let plans = join_all((0..50).map(|_| market.draft(std::slice::from_ref(&item)))).await;
    let answers = join_all(plans.iter().map(|plan| market.submit(plan))).await;
    let (won, lost) = told(&answers);
    assert_eq!(won as i64, available / 7_000, "each plan was shown that the voucher covers it all");
    assert!(lost.iter().all(|code| *code == "insufficient_balance"), "{lost:?}");
    assert_eq!(market.money().await, (available % 7_000, held + available - available % 7_000, spent));
    assert_eq!(market.free_places(&offer).await, [100 - won as i64]);
    market.server.stop().await;
}

#[tokio::test]
async fn the_last_place_is_sold_once() {
    let market = Market::open().await;
    let offer = market.offer("1.00", 1, 1, 240).await;
    let mut item = market.item(&offer);
    item["voucher_id"] = json!(null);
    let plans = join_all((0..50).map(|_| market.draft(std::slice::from_ref(&item)))).await;
    let answers = join_all(plans.iter().map(|plan| market.submit(plan))).await;
    let (won, lost) = told(&answers);
    assert_eq!(won, 1);
    assert!(lost.iter().all(|code| *code == "no_places_left"), "{lost:?}");
    assert_eq!(market.free_places(&offer).await, [0]);
    market.server.stop().await;
}

#[tokio::test]
async fn twenty_requests_with_one_key_are_one() {
    let market = Market::open().await;
    let (available, ..) = market.money().await;
    let offer = market.offer("10.00", 1, 100, 240).await;
    let plan = market.draft(&[market.item(&offer)]).await;
    let caller = market.worker.with("idempotency-key", "only-once");
    let path = format!("/v1/family-plans/{}/submit", text(&plan["id"]));
    let answers = join_all((0..20).map(|_| caller.act(&path))).await;
    let bodies: Vec<Value> = answers.into_iter().map(|answer| answer.expect(200)).collect();
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(market.money().await.0, available - 1_000);
    assert_eq!(market.free_places(&offer).await, [99]);
    let other = market.draft(&[market.item(&offer)]).await;
    let reused = caller.act(&format!("/v1/family-plans/{}/submit", text(&other["id"]))).await;
    assert_eq!(reused.code(422), "idempotency_key_reused");
    market.server.stop().await;
}

#[tokio::test]
async fn plans_that_cross_each_other_do_not_deadlock() {
    let market = Market::open().await;
    let one = market.offer("1.00", 1, 20, 240).await;
    let two = market.offer("1.00", 1, 20, 240).await;
    let (there, back) = ([market.item(&one), market.item(&two)], [market.item(&two), market.item(&one)]);
    let plans = join_all((0..40).map(|n| market.draft(if n % 2 == 0 { &there } else { &back }))).await;
    let answers = join_all(plans.iter().map(|plan| market.submit(plan))).await;
    let (won, lost) = told(&answers);
    assert_eq!((won, lost.iter().all(|code| *code == "no_places_left")), (20, true), "{lost:?}");
    assert_eq!((market.free_places(&one).await, market.free_places(&two).await), (vec![0], vec![0]));
    market.server.stop().await;
}

#[tokio::test]
async fn a_confirmation_and_a_cancellation_agree_on_what_happened() {
    let market = Market::open().await;
    let (available, ..) = market.money().await;
    let offer = market.offer("1.00", 1, 20, 240).await;
    let mut confirmed = 0;
    for _ in 0..12 {
        let path = format!("/v1/orders/{}", market.order(market.item(&offer)).await);
        let (confirm_path, cancel_path) = (format!("{path}/confirm"), format!("{path}/cancel"));
        let reason = json!({"reason": "prova"});
        let (confirm, cancel) =
            tokio::join!(market.provider.act(&confirm_path), market.worker.post(&cancel_path, &reason));
        let order = market.worker.get(&path).await.expect(200);
        let states: Vec<&str> = order["history"]
            .as_array()
            .expect("a history")
            .iter()
            .filter_map(|t| t["to_state"].as_str())
            .collect();
        match (confirm.status, cancel.status) {
            (200, 409) => assert_eq!(states, ["requested", "confirmed"]),
            (409, 200) => assert_eq!(states, ["requested", "cancelled"]),
            // The family cancelled what it had seen confirmed.
            (200, 200) => assert_eq!(states, ["requested", "confirmed", "cancelled"]),
            other => panic!("{other:?}: {} {}", confirm.body, cancel.body),
        }
        for loser in [confirm, cancel].iter().filter(|answer| answer.status != 200) {
            assert_eq!(loser.code(409), "transition_not_allowed");
        }
        confirmed += i64::from(order["state"] == "confirmed");
        assert_eq!(cents(&order["covered"]), 100);
    }
    assert_eq!(market.money().await.0, available - 100 * confirmed);
    assert_eq!(market.free_places(&offer).await, [20 - confirmed]);
    market.server.stop().await;
}
