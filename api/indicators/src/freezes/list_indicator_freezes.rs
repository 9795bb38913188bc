use crate::queries::freezes::{IndicatorFreeze, list_freezes};
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Db, Page, PageQuery, Problem};
use concilia_planning::find_public_plan;
use uuid::Uuid;

/// List the frozen half-years
///
/// The half-years of a plan whose indicators are frozen, newest first; public, like their figures.
#[utoipa::path(
    tag = "indicators",
    params(("plan_id" = Uuid, Path, description = "The plan."), PageQuery),
    responses((status = 200, description = "A page of half-years.", body = Page<IndicatorFreeze>)),
)]
#[get("/v1/plans/{plan_id}/indicator-freezes")]
pub async fn list_indicator_freezes(
    db: Data<Db>,
    plan_id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<web::Json<Page<IndicatorFreeze>>, Problem> {
    let limit = query.limit();
    let reader = db.reader().await?;
    let plan = find_public_plan(&mut &**reader, *plan_id).await?.ok_or_else(Problem::not_found)?;
    let before = query.after::<String>()?.map(|half| half.parse()).transpose();
    let before = before.map_err(|_: &str| Problem::not_found())?;
    let found = list_freezes(&mut &**reader, plan.territory_id, plan.id, before, limit).await?;
    Ok(web::Json(page(found, limit, |freeze| freeze.half.to_string())))
}
