//! Notes and reasons may tell of a child's health: the database keeps them sealed, and the two sides read them.

use super::count::count;
use super::market::{Market, text};
use base64::{Engine, engine::general_purpose::STANDARD};
use diesel::sql_types::Text;
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::{Value, json};

const NOTE: &str = "Celiachia: a merenda soltanto il suo pane.";
const PROPOSAL: &str = "Per la sua asma meglio la palestra di sopra.";
const REASON: &str = "Oggi ha la febbre.";

/// Rows of any table that hold a text: as it is, in base64, or in the hexadecimal by which bytes are shown.
async fn rows_with(conn: &mut AsyncPgConnection, held: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Rows {
        #[diesel(sql_type = Text)]
        of_all_tables: String,
    }
    let rows: Rows = sql_query(
        "SELECT string_agg(format('SELECT t::text AS content FROM %I t', table_name), ' UNION ALL ') AS of_all_tables \
           FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
    )
    .get_result(conn)
    .await
    .expect("the tables");
    let hex: Vec<String> = held.bytes().map(|byte| format!("{byte:02x}")).collect();
    // How the last bytes are written depends on what follows them.
    let base64 = STANDARD.encode(&held.as_bytes()[..held.len() / 3 * 3]);
    let found = [held, &hex.concat(), &base64].map(|form| format!("strpos(content, '{form}') > 0")).join(" OR ");
    count(conn, &format!("SELECT count(*) FROM ({}) t WHERE {found}", rows.of_all_tables)).await
}

#[tokio::test]
async fn the_text_of_a_note_or_a_reason_is_nowhere_in_the_database() {
    let market = Market::open().await;
    let offer = market.offer("10.00", 2, 8, 240).await;
    let mut item = market.item(&offer);
    item["note"] = json!(NOTE);
    let items = json!({"store_id": market.store_id, "items": [item, market.item(&offer)]});
    let notes = |plan: &Value| [plan["items"][0]["note"].clone(), plan["items"][1]["note"].clone()];
    let expected = [json!(NOTE), Value::Null];

    // Each request twice: the second is answered from what the first has stored.
    let written = market.worker.with("idempotency-key", "a-plan-with-a-note");
    let plan = written.post("/v1/family-plans", &items).await.expect(201);
    assert_eq!(notes(&plan), expected);
    assert_eq!(written.post("/v1/family-plans", &items).await.expect(201), plan);
    let path = format!("/v1/family-plans/{}", text(&plan["id"]));
    let rewritten = market.worker.with("if-match", "\"1\"").put(&path, &items).await.expect(200);
    assert_eq!(notes(&rewritten), expected);
    assert_eq!(notes(&market.worker.get(&path).await.expect(200)), expected);

    let submitted = market.worker.with("idempotency-key", "orders-with-a-note");
    let placed = submitted.act(&format!("{path}/submit")).await.expect(200);
    assert_eq!(notes(&placed), expected);
    assert_eq!(submitted.act(&format!("{path}/submit")).await.expect(200), placed);
    assert_eq!(market.worker.get(&path).await.expect(200), placed);

    let order = format!("/v1/orders/{}", text(&placed["items"][0]["order_id"]));
    let proposal = json!({"service_session_id": offer.sessions[1], "note": PROPOSAL});
    let proposed = market.provider.with("idempotency-key", "a-proposal-with-a-note");
    let answer = proposed.post(&format!("{order}/propose"), &proposal).await.expect(200);
    assert_eq!(proposed.post(&format!("{order}/propose"), &proposal).await.expect(200), answer);
    let cancelled = market.worker.with("idempotency-key", "a-cancellation-with-a-reason");
    let answer = cancelled.post(&format!("{order}/cancel"), &json!({"reason": REASON})).await.expect(200);
    assert_eq!(cancelled.post(&format!("{order}/cancel"), &json!({"reason": REASON})).await.expect(200), answer);
    for side in [&market.worker, &market.provider] {
        let order = side.get(&order).await.expect(200);
        assert_eq!((&order["note"], &order["proposal_note"]), (&json!(NOTE), &json!(PROPOSAL)));
        assert_eq!(order["history"][2]["reason"], REASON);
    }

    let mut conn = market.server.db.connect().await;
    for written in [NOTE, PROPOSAL, REASON] {
        assert_eq!(rows_with(&mut conn, written).await, 0, "{written}");
    }
    assert!(rows_with(&mut conn, "Trial").await > 0, "the search finds what is there");
    let stored =
        "SELECT count(*) FROM idempotency_keys WHERE key LIKE '%-with-a-note' OR key LIKE '%-with-a-reason'";
    assert_eq!(count(&mut conn, stored).await, 4);
    let without = format!(
        "SELECT count(*) FROM orders o JOIN family_plan_items i USING (family_plan_id, line) \
          WHERE family_plan_id = '{}' AND line = 2 AND num_nonnulls(i.note_sealed, o.note_sealed, o.proposal_note_sealed) = 0",
        text(&plan["id"])
    );
    assert_eq!(count(&mut conn, &without).await, 1, "nothing is sealed where there is no note");
    market.server.stop().await;
}

#[tokio::test]
async fn a_note_of_any_length_comes_back_as_it_was_written() {
    let market = Market::open().await;
    let offer = market.offer("1.00", 1, 8, 240).await;
    let noted = |note: &str| {
        let mut item = market.item(&offer);
        item["note"] = json!(note);
        item
    };
    let longest = "è".repeat(500);
    let notes = ["", "\u{1F95B}\tsenza\nlattosio", &longest];
    let plan = market.draft(&notes.map(noted)).await;
    let caller = market.worker.with("idempotency-key", "notes-of-any-length");
    let path = format!("/v1/family-plans/{}/submit", text(&plan["id"]));
    for _ in 0..2 {
        let placed = caller.act(&path).await.expect(200);
        for (item, note) in placed["items"].as_array().expect("items").iter().zip(notes) {
            assert_eq!(item["note"], note);
            let order = format!("/v1/orders/{}", text(&item["order_id"]));
            assert_eq!(market.provider.get(&order).await.expect(200)["note"], note);
        }
    }
    let too_long = json!({"store_id": market.store_id, "items": [noted(&"è".repeat(501))]});
    assert_eq!(market.worker.post("/v1/family-plans", &too_long).await.code(422), "validation_failed");
    market.server.stop().await;
}
