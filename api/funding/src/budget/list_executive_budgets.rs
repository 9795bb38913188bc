use super::queries::budgets;
use super::row::ExecutiveBudget;
use crate::stance::Stance;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem};
use uuid::Uuid;

/// List the budgets of a project
///
/// Every budget since the grant was accepted, the one in force first, each with what made it; for the agency, the
/// lead's officers and the partners.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."), PageQuery),
    responses((status = 200, description = "A page of budgets.", body = Page<ExecutiveBudget>)),
)]
#[get("/v1/projects/{project_id}/executive-budgets")]
pub async fn list_executive_budgets(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let (before, limit) = (query.after()?.unwrap_or(i32::MAX), query.limit());
    let reader = db.reader().await?;
    let project = concilia_planning::find_project(&mut &**reader, actor.territory_id, *project_id).await?;
    let project = project.ok_or_else(Problem::not_found)?;
    Stance::of(&mut &**reader, &actor, &project).await?;
    let found = budgets(&mut &**reader, actor.territory_id, *project_id, before, limit + 1).await?;
    Ok(HttpResponse::Ok().json(page(found, limit, |budget| budget.number)))
}
