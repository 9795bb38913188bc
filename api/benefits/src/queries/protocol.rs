use concilia_kernel::db::cached;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Integer, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

#[derive(QueryableByName)]
struct Counter {
    #[diesel(sql_type = Integer)]
    last: i32,
}

/// Takes the next `count` protocol numbers of the territory and year, and tells the first.
///
/// The counter's row stays locked until the transaction ends, and a rollback gives the numbers back:
/// that is what leaves no gap. Take them last, so that others wait little.
pub async fn take(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    year: i32,
    count: i32,
) -> QueryResult<i32> {
    let counter: Counter = cached(
        sql_query(
            "INSERT INTO protocol_counters (territory_id, year, last) VALUES ($1, $2, $3) \
             ON CONFLICT (territory_id, year) DO UPDATE SET last = protocol_counters.last + $3 RETURNING last",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Integer, _>(year)
        .bind::<Integer, _>(count),
    )
    .get_result(connection)
    .await?;
    Ok(counter.last - count + 1)
}

/// A protocol number as printed.
pub fn number(year: i32, ordinal: i32) -> String {
    format!("{year:04}/{ordinal:06}")
}
