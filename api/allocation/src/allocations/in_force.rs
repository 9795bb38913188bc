use super::{Allocation, AllocationRow};
use crate::queries;
use diesel::QueryResult;
use diesel::pg::Pg;
use diesel_async::AsyncConnectionCore;
use uuid::Uuid;

/// The approved run of a call of the territory, with all its rows by position; nothing before the call is awarded.
pub async fn allocation_in_force<C>(
    connection: &mut C,
    territory_id: Uuid,
    project_call_id: Uuid,
) -> QueryResult<Option<(Allocation, Vec<AllocationRow>)>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let Some(run) = queries::allocations::in_force(connection, territory_id, project_call_id).await? else {
        return Ok(None);
    };
    let rows = queries::allocation_rows::list(connection, territory_id, run.id, None, None).await?;
    Ok(Some((run, rows.into_iter().map(AllocationRow::from).collect())))
}
