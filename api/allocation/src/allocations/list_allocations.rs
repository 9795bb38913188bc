use super::Allocation;
use crate::queries;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem, Role};
use concilia_planning::find_project_call;
use uuid::Uuid;

/// List the allocations of a project call
///
/// Its runs, last first. The agency sees every run; evaluators and leads those that are or were in force.
#[utoipa::path(
    tag = "allocation",
    params(("project_call_id" = Uuid, Path, description = "The call."), PageQuery),
    responses((status = 200, description = "A page of allocations.", body = Page<Allocation>)),
)]
#[get("/v1/project-calls/{project_call_id}/allocations")]
pub async fn list_allocations(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let after: Option<i32> = query.after()?;
    let limit = query.limit();
    let reader = db.reader().await?;
    let (mut calls, mut runs) = (&**reader, &**reader);
    let is_ats = actor.has(Role::Ats);
    let (call, runs) = futures_util::try_join!(
        find_project_call(&mut calls, actor.territory_id, id.0),
        queries::allocations::list(&mut runs, (actor.territory_id, is_ats), id.0, after, limit),
    )?;
    // A draft is the agency's own business.
    call.filter(|call| is_ats || call.published_at.is_some()).ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(page(runs, limit, |run| run.number)))
}
