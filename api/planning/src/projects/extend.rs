use super::ProjectSummary;
use crate::plans::share_plan;
use crate::project_calls::find_project_call;
use crate::rules::plan_years::PlanYears;
use crate::schema::projects;
use chrono::NaiveDate;
use concilia_kernel::Problem;
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

/// Refuses a last day after the years of the plan that the project's call carries out; `pointer` names it. The years stay as
/// they are until the transaction ends. A project without a call has no plan.
pub async fn require_plan_years(
    conn: &mut AsyncPgConnection,
    project: &ProjectSummary,
    ends_on: NaiveDate,
    pointer: &str,
) -> Result<(), Problem> {
    let Some(call_id) = project.project_call_id else {
        return Ok(());
    };
    let call = find_project_call(conn, project.territory_id, call_id).await?.ok_or_else(Problem::not_found)?;
    let plan = share_plan(conn, project.territory_id, call.plan_id).await?.ok_or_else(Problem::not_found)?;
    PlanYears::of(&plan).require(ends_on, pointer)
}
