//! What happened, recorded for whoever publishes it to the outside: in the transaction that caused it, so that nothing is
//! told that did not happen and nothing that happened goes untold. The server publishes nothing itself; a publisher reads
//! the table `outbox` in the order of `id`, marks what it has passed on, and must come within [`KEPT_DAYS`].

use crate::{db::schema::outbox, new_id, now};
use chrono::TimeDelta;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use uuid::{Builder, Uuid};

/// How long an event is kept, published or not.
pub const KEPT_DAYS: i64 = 90;

/// Records that `event` (like `ranking.approved`) happened to an aggregate. No personal data.
pub async fn publish(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    event: &str,
    aggregate_id: Uuid,
    payload: Value,
) -> QueryResult<()> {
    diesel::insert_into(outbox::table)
        .values((
            outbox::id.eq(new_id()),
            outbox::territory_id.eq(territory_id),
            outbox::event.eq(event),
            outbox::aggregate_id.eq(aggregate_id),
            outbox::payload.eq(payload),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes events older than [`KEPT_DAYS`]. Their identifiers tell the time, and an index of times beside theirs would
/// cost every write.
pub async fn forget_old(connection: &mut AsyncPgConnection) -> QueryResult<usize> {
    let oldest = (now() - TimeDelta::days(KEPT_DAYS)).timestamp_millis();
    let oldest = Builder::from_unix_timestamp_millis(oldest.cast_unsigned(), &[0; 10]).into_uuid();
    diesel::delete(outbox::table.filter(outbox::id.lt(oldest))).execute(connection).await
}
