use super::AdmissibleAmount;
use crate::queries;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem};
use concilia_planning::find_project_call;
use uuid::Uuid;

/// List the admissible amounts of a project call
///
/// The projects for which an amount was set, each with the last one. Of the others the whole request is admissible.
#[utoipa::path(
    tag = "allocation",
    params(("project_call_id" = Uuid, Path, description = "The call."), PageQuery),
    responses((status = 200, description = "A page of amounts.", body = Page<AdmissibleAmount>)),
)]
#[get("/v1/project-calls/{project_call_id}/admissible-amounts")]
pub async fn list_admissible_amounts(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let after: Option<Uuid> = query.after()?;
    let limit = query.limit();
    let reader = db.reader().await?;
    let (mut calls, mut amounts) = (&**reader, &**reader);
    let (call, amounts) = futures_util::try_join!(
        find_project_call(&mut calls, actor.territory_id, id.0),
        queries::admissible_amounts::of_call(&mut amounts, actor.territory_id, id.0, after, limit),
    )?;
    call.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(page(amounts, limit, |amount| amount.project.id)))
}
