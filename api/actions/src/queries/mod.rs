//! The statements of this context; every one takes the territory, but for what is public.

pub mod actions;
pub mod attendance;
pub mod certificates;
pub mod company_paths;
pub mod events;
pub mod meetings;
pub mod participations;
pub mod payments;
pub mod questionnaires;
pub mod results;
pub mod sign_ups;

use concilia_kernel::db::cached;
use diesel::sql_types::Uuid as SqlUuid;
use diesel::{QueryResult, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Holds a row of the territory, if it is there, until the transaction ends. What belongs to it is read after that.
async fn lock(
    connection: &mut AsyncPgConnection,
    table: &'static str,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<()> {
    let statement = format!("SELECT FROM {table} WHERE territory_id = $1 AND id = $2 FOR NO KEY UPDATE");
    cached(sql_query(statement).bind::<SqlUuid, _>(territory_id).bind::<SqlUuid, _>(id))
        .execute(connection)
        .await?;
    Ok(())
}
