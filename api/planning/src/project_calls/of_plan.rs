use super::ProjectCall;
use super::queries::COLUMNS;
use concilia_kernel::db::cached;
use diesel::pg::Pg;
use diesel::sql_types::Uuid as SqlUuid;
use diesel::{QueryResult, sql_query};
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use uuid::Uuid;

/// The calls of a plan that were opened, by number.
pub async fn calls_of_plan<C>(
    connection: &mut C,
    territory_id: Uuid,
    plan_id: Uuid,
) -> QueryResult<Vec<ProjectCall>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "SELECT {COLUMNS} FROM project_calls c WHERE c.territory_id = $1 AND c.plan_id = $2 \
             AND c.published_at IS NOT NULL AND c.state <> 'cancelled' ORDER BY c.number"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(plan_id),
    )
    .load(connection)
    .await
}
