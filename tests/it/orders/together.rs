//! Plans that arrive together are placed together, and no family waits for another one's lock.

use super::count::{count, waiting};
use super::market::{Market, text};
use diesel_async::SimpleAsyncConnection;
use futures_util::future::{join, join_all};
use serde_json::{Value, json};

#[tokio::test]
async fn plans_that_arrive_while_others_are_written_share_a_transaction() {
    let market = Market::open().await;
    let offer = market.offer("1.00", 1, 20, 240).await;
    let mut item = market.item(&offer);
    item["voucher_id"] = json!(null);
    let plans = join_all((0..30).map(|_| market.draft(std::slice::from_ref(&item)))).await;
    // The first turns wait for the table, so that the others arrive meanwhile.
    let (mut blocker, mut watcher) = (market.server.db.connect().await, market.server.db.connect().await);
    blocker.batch_execute("BEGIN; LOCK TABLE orders IN SHARE MODE").await.expect("a lock");
    let release = async {
        waiting(&mut watcher, 1).await;
        blocker.batch_execute("COMMIT").await.expect("released");
    };
    let (answers, ()) = join(join_all(plans.iter().map(|plan| market.submit(plan))), release).await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!((won, market.free_places(&offer).await), (20, vec![0]));
    assert!(
        answers.iter().filter(|answer| answer.status != 200).all(|answer| answer.code(409) == "no_places_left")
    );
    let plans: Vec<String> = plans.iter().map(|plan| format!("'{}'", text(&plan["id"]))).collect();
    let query =
        format!("SELECT count(DISTINCT xmin::text) FROM orders WHERE family_plan_id IN ({})", plans.join(","));
    let transactions = count(&mut market.server.db.connect().await, &query).await;
    assert!(transactions < 20, "each of the 20 orders in a transaction of its own");
    market.server.stop().await;
}

#[tokio::test]
async fn a_locked_voucher_holds_up_its_own_family_only() {
    let market = Market::open().await;
    let offer = market.offer("1.00", 1, 20, 240).await;
    let mut free = market.item(&offer);
    free["voucher_id"] = json!(null);
    let with_voucher = market.draft(&[market.item(&offer)]).await;
    let without = join_all((0..8).map(|_| market.draft(std::slice::from_ref(&free)))).await;

    let (mut blocker, mut watcher) = (market.server.db.connect().await, market.server.db.connect().await);
    let lock = format!("BEGIN; SELECT FROM voucher_balances WHERE voucher_id = '{}' FOR UPDATE", market.voucher);
    blocker.batch_execute(&lock).await.expect("a lock");
    let others = async {
        waiting(&mut watcher, 1).await;
        let answers = join_all(without.iter().map(|plan| market.submit(plan))).await;
        let placed: Vec<Value> = answers.into_iter().map(|answer| answer.expect(200)).collect();
        waiting(&mut watcher, 1).await;
        blocker.batch_execute("COMMIT").await.expect("released");
        placed
    };
    let (held_up, placed) = join(market.submit(&with_voucher), others).await;
    assert_eq!(held_up.expect(200)["state"], "submitted");
    assert_eq!(placed.len(), without.len());
    market.server.stop().await;
}

#[tokio::test]
async fn a_session_is_cancelled_or_booked() {
    let market = Market::open().await;
    let reason = json!({"reason": "Educatrice malata"});
    for _ in 0..12 {
        let offer = market.offer("1.00", 1, 20, 240).await;
        let mut item = market.item(&offer);
        item["voucher_id"] = json!(null);
        let plans = join_all((0..6).map(|_| market.draft(std::slice::from_ref(&item)))).await;
        let path = format!("/v1/services/{}/sessions/{}/cancel", offer.service, offer.sessions[0]);
        let submissions = join_all(plans.iter().map(|plan| market.submit(plan)));
        let (cancelled, answers) = join(market.provider.post(&path, &reason), submissions).await;
        let won = answers.iter().filter(|answer| answer.status == 200).count();
        match cancelled.status {
            200 => assert_eq!(won, 0, "nobody books a cancelled session"),
            _ => assert_eq!((cancelled.code(409), won > 0), ("conflict", true)),
        }
        for lost in answers.iter().filter(|answer| answer.status != 200) {
            assert_eq!(lost.code(409), "service_not_bookable");
        }
    }
    market.server.stop().await;
}

#[tokio::test]
async fn one_key_on_several_plans_places_one() {
    let market = Market::open().await;
    let offer = market.offer("1.00", 1, 100, 240).await;
    let mut item = market.item(&offer);
    item["voucher_id"] = json!(null);
    for round in 0..10 {
        let plans = join_all((0..5).map(|_| market.draft(std::slice::from_ref(&item)))).await;
        let caller = market.worker.with("idempotency-key", &format!("one-for-all-{round}"));
        let paths: Vec<String> =
            plans.iter().map(|plan| format!("/v1/family-plans/{}/submit", text(&plan["id"]))).collect();
        let answers = join_all(paths.iter().map(|path| caller.act(path))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        for lost in answers.iter().filter(|answer| answer.status != 200) {
            assert_eq!(lost.code(422), "idempotency_key_reused");
        }
    }
    market.server.stop().await;
}

#[tokio::test]
async fn a_version_that_cannot_be_read_guards_and_is_not_passed_over() {
    let market = Market::open().await;
    let offer = market.offer("1.00", 1, 20, 240).await;
    let plan = market.draft(&[market.item(&offer)]).await;
    let path = format!("/v1/family-plans/{}/submit", text(&plan["id"]));
    for malformed in ["7", "\"7", "\"\"", "\"a b\"", "\"1\","] {
        let refused = market.worker.with("if-match", malformed).act(&path).await;
        assert_eq!(
            (refused.code(400), &refused.body["errors"][0]["parameter"]),
            ("invalid_parameter", &json!("If-Match"))
        );
    }
    for stale in ["\"2\"", "\"01\"", "\"+1\"", "W/\"1\""] {
        assert_eq!(
            market.worker.with("if-match", stale).act(&path).await.code(412),
            "precondition_failed",
            "{stale}"
        );
    }
    market.worker.with("if-match", "\"3\", \"1\"").act(&path).await.expect(200);
    market.server.stop().await;
}

#[tokio::test]
async fn a_plan_that_is_refused_undoes_no_other() {
    let market = Market::open().await;
    let (available, ..) = market.money().await;
    let offer = market.offer("1.00", 1, 100, 240).await;
    let full = market.offer("1.00", 1, 1, 240).await;
    market.order(market.item(&full)).await;
    let good = [market.item(&offer)];
    let bad = [market.item(&offer), market.item(&full)];
    let plans = join_all((0..20).map(|n| market.draft(if n % 2 == 0 { &good } else { &bad }))).await;
    let answers = join_all(plans.iter().map(|plan| market.submit(plan))).await;
    for (n, answer) in answers.iter().enumerate() {
        match n % 2 {
            0 => assert_eq!(answer.status, 200, "{}", answer.body),
            _ => assert_eq!(
                (answer.code(409), answer.body["errors"][0]["pointer"].as_str()),
                ("no_places_left", Some("/items/1"))
            ),
        }
    }
    assert_eq!(market.free_places(&offer).await, [90]);
    assert_eq!(market.money().await.0, available - 100 - 1_000);
    market.server.stop().await;
}
