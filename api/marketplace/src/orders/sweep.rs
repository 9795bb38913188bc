use crate::rules::Move;
use crate::rules::moves::{ACCEPT_BY_SILENCE, LAPSE};
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use diesel::sql_types::{Array, Integer, Text, Timestamptz};
use diesel::{QueryResult, QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// Orders of one transaction: enough to be quick, few enough not to keep families waiting for their vouchers.
const BATCH: i32 = 100;

#[derive(QueryableByName)]
struct Moved {
    #[diesel(sql_type = Integer)]
    orders: i32,
}

/// Moves the orders whose time has come: requests and proposals without an answer lapse, deliveries without an answer
/// are accepted. Each batch is a transaction of its own, so call it outside any. Returns how many orders moved; several
/// servers may sweep at once.
pub async fn sweep_orders(conn: &mut AsyncPgConnection, now: DateTime<Utc>) -> QueryResult<u64> {
    let lapsed = sweep(conn, now, &LAPSE, "no answer in time").await?;
    let accepted = sweep(conn, now, &ACCEPT_BY_SILENCE, "accepted by silence").await?;
    Ok(lapsed + accepted)
}

async fn sweep(conn: &mut AsyncPgConnection, now: DateTime<Utc>, made: &Move, reason: &str) -> QueryResult<u64> {
    let mut moved = 0;
    loop {
        let query = sql_query("SELECT move_due_orders($1, $2, $3, $4, $5, $6, $7) AS orders")
            .bind::<Timestamptz, _>(now)
            .bind::<Integer, _>(BATCH)
            .bind::<Array<Text>, _>(made.system)
            .bind::<Text, _>(made.to)
            .bind::<Text, _>(made.money.as_str())
            .bind::<Text, _>(made.places.as_str())
            .bind::<Text, _>(reason);
        let batch: Moved = cached(query).get_result(conn).await?;
        moved += u64::from(batch.orders.unsigned_abs());
        if batch.orders < BATCH {
            return Ok(moved);
        }
    }
}
