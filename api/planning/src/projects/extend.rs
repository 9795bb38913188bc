use crate::schema::projects;
use chrono::NaiveDate;
use concilia_kernel::db::cached;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Lets a project last until `ends_on`; does nothing where it lasts longer already.
pub async fn extend_project(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
    ends_on: NaiveDate,
) -> QueryResult<()> {
    let project = projects::table
        .filter(projects::territory_id.eq(territory_id))
        .filter(projects::id.eq(project_id))
        .filter(projects::ends_on.lt(ends_on));
    let change = (projects::ends_on.eq(ends_on), projects::version.eq(projects::version + 1));
    cached(diesel::update(project).set(change)).execute(conn).await?;
    Ok(())
}
