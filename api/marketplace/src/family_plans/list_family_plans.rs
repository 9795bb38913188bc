use super::FamilyPlanSummary;
use super::queries::list_plans;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_eligibility::find_worker_id;
use concilia_kernel::extract::Query;
use concilia_kernel::page::{PageQuery, page};
use concilia_kernel::{Actor, Db, Page, Problem};
use diesel::OptionalExtension;
use uuid::Uuid;

/// List one's family plans
///
/// Drafts and submitted plans of the caller, newest first.
#[utoipa::path(
    tag = "marketplace",
    params(PageQuery),
    responses((status = 200, description = "A page of plans.", body = Page<FamilyPlanSummary>)),
)]
#[get("/v1/family-plans")]
pub async fn list_family_plans(
    actor: Actor,
    db: Data<Db>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let before: Option<Uuid> = query.after()?;
    let limit = query.limit();
    let reader = db.reader().await?;
    let plans = match find_worker_id(&mut &**reader, actor.territory_id, actor.id).await.optional()? {
        Some(worker_id) => list_plans(&mut &**reader, actor.territory_id, worker_id, before, limit + 1).await?,
        None => vec![],
    };
    Ok(HttpResponse::Ok().json(page(plans, limit, |plan| plan.id)))
}
