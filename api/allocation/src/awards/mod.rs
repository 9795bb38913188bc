//! Awards: who got how much, by which act; public, and what agreements start from.

mod call_award;
pub mod list_call_awards;

pub use crate::queries::awards::Award;
pub use call_award::CallAward;

use crate::queries;
use diesel::QueryResult;
use diesel::pg::Pg;
use diesel_async::AsyncConnectionCore;
use uuid::Uuid;

/// What a project of the territory was awarded, by the allocation in force; nothing without a grant.
pub async fn award_of<C>(connection: &mut C, territory_id: Uuid, project_id: Uuid) -> QueryResult<Option<Award>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    Ok(awards_of_projects(connection, territory_id, &[project_id]).await?.pop())
}

/// The awards of those projects that have one.
pub async fn awards_of_projects<C>(
    connection: &mut C,
    territory_id: Uuid,
    projects: &[Uuid],
) -> QueryResult<Vec<Award>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    queries::awards::of_projects(connection, territory_id, projects).await
}

/// The awards of a call of the territory, from the best score; none before it is awarded.
pub async fn awards_of_call<C>(
    connection: &mut C,
    territory_id: Uuid,
    project_call_id: Uuid,
) -> QueryResult<Vec<Award>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    queries::awards::of_call(connection, territory_id, project_call_id).await
}
