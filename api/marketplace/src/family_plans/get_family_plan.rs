use super::FamilyPlan;
use super::queries::find_plan;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_eligibility::find_worker_id;
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Read a family plan
///
/// A draft is quoted anew: prices, balances and places of this moment. A submitted plan shows the figures of its orders.
#[utoipa::path(
    tag = "marketplace",
    params(("family_plan_id" = Uuid, Path, description = "The plan.")),
    responses((status = 200, description = "The plan.", body = FamilyPlan,
        headers(("ETag" = String, description = "Version of the plan.")))),
)]
#[get("/v1/family-plans/{family_plan_id}")]
pub async fn get_family_plan(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    family_plan_id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let worker_id = find_worker_id(&mut &**reader, actor.territory_id, actor.id).await?;
    let plan = find_plan(&mut &**reader, &vault, actor.territory_id, worker_id, *family_plan_id).await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(plan.version))).json(plan))
}
