use crate::queries::results::{ActivityResult, list_results};
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem, Role};
use concilia_planning::{find_activity, find_project};
use uuid::Uuid;

/// List what an activity reached
///
/// The records of an activity, newest first, also those that another one superseded. For the lead of its project and the
/// agency.
#[utoipa::path(
    tag = "indicators",
    params(("activity_id" = Uuid, Path, description = "The activity."), PageQuery),
    responses((status = 200, description = "A page of records.", body = Page<ActivityResult>)),
)]
#[get("/v1/activities/{activity_id}/results")]
pub async fn list_activity_results(
    actor: Actor,
    db: Data<Db>,
    activity_id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<web::Json<Page<ActivityResult>>, Problem> {
    let (limit, before) = (query.limit(), query.after()?);
    let reader = db.reader().await?;
    let activity = find_activity(&mut &**reader, actor.territory_id, *activity_id).await?;
    let activity = activity.ok_or_else(Problem::not_found)?;
    let project = find_project(&mut &**reader, actor.territory_id, activity.project_id).await?;
    let project = project.ok_or_else(Problem::not_found)?;
    actor.require_any(&[Role::Ats, Role::AllianceLead], project.lead_organisation_id)?;
    let found = list_results(&mut &**reader, actor.territory_id, activity.id, before, limit).await?;
    Ok(web::Json(page(found, limit, |result| result.id)))
}
