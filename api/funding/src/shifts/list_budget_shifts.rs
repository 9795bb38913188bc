use super::queries::BudgetShift;
use crate::schema::budget_shifts;
use crate::stance::Stance;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// List the shifts of a project
///
/// The newest first; for the agency, the lead's officers and the partners.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."), PageQuery),
    responses((status = 200, description = "A page of shifts.", body = Page<BudgetShift>)),
)]
#[get("/v1/projects/{project_id}/budget-shifts")]
pub async fn list_budget_shifts(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let (after, limit) = (query.after::<Uuid>()?, query.limit());
    let reader = db.reader().await?;
    let project = concilia_planning::find_project(&mut &**reader, actor.territory_id, *project_id).await?;
    Stance::of(&mut &**reader, &actor, &project.ok_or_else(Problem::not_found)?).await?;
    let mut rows = budget_shifts::table
        .filter(budget_shifts::territory_id.eq(actor.territory_id))
        .filter(budget_shifts::project_id.eq(*project_id))
        .order(budget_shifts::id.desc())
        .limit(limit + 1)
        .select(BudgetShift::as_select())
        .into_boxed();
    if let Some(after) = after {
        rows = rows.filter(budget_shifts::id.lt(after));
    }
    let rows: Vec<BudgetShift> = rows.load(&mut &**reader).await?;
    Ok(HttpResponse::Ok().json(page(rows, limit, |shift| shift.id)))
}
