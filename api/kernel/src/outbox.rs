//! Events for the outside leave after the commit that caused them: they are written in the same
//! transaction and published from here.

use crate::{db::schema::outbox, new_id};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use uuid::Uuid;

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
