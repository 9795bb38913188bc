use super::{FinalScore, queries};
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem, Role};
use concilia_planning::find_project_call;
use uuid::Uuid;

/// List the final scores of a call
///
/// The committee's scores with their minutes, first recorded first, corrections after what they correct. Evaluators do not
/// see those of projects with which they are in conflict of interest.
#[utoipa::path(
    tag = "evaluation",
    params(("project_call_id" = Uuid, Path, description = "The call."), PageQuery),
    responses((status = 200, description = "A page of final scores.", body = Page<FinalScore>)),
)]
#[get("/v1/project-calls/{project_call_id}/final-scores")]
pub async fn list_final_scores(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<web::Json<Page<FinalScore>>, Problem> {
    let (after, limit) = (query.after::<Uuid>()?, query.limit());
    let is_ats = actor.has(Role::Ats);
    let reader = db.reader().await?;
    let call = find_project_call(&mut &**reader, actor.territory_id, id.0).await?;
    let call = call.filter(|call| is_ats || call.published_at.is_some()).ok_or_else(Problem::not_found)?;
    let barred = (!is_ats).then_some(actor.id);
    let scores = queries::list(&mut &**reader, actor.territory_id, call.id, barred, after, limit).await?;
    Ok(web::Json(page(scores, limit, |score| score.id)))
}
