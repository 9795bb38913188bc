use super::queries::{lock_plan, raise_version, show_draft, write_items};
use super::{FamilyPlan, FamilyPlanInput};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_eligibility::find_worker_id;
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Rewrite a family plan
///
/// Replaces the items of a draft, with a new preview. The store is fixed.
#[utoipa::path(
    tag = "marketplace",
    params(
        ("family_plan_id" = Uuid, Path, description = "The plan."),
        ("If-Match" = String, Header, description = "Version that the change is based on.", min_length = 1, max_length = 255),
    ),
    request_body(content = FamilyPlanInput, example = json!({
        "store_id": "01980000-0000-7000-8000-000000000030",
        "items": [{"service_id": "01980000-0000-7000-8000-000000000040",
                   "household_member_id": "01980000-0000-7000-8000-000000000060", "quantity": 2}]})),
    responses(
        (status = 200, description = "The draft, with its preview.", body = FamilyPlan,
         headers(("ETag" = String, description = "Version of the plan."))),
        (status = 409, description = "The plan has been submitted."),
        (status = 412, description = "The plan has changed since."),
        (status = 428, description = "`If-Match` is missing."),
    ),
)]
#[put("/v1/family-plans/{family_plan_id}")]
pub async fn update_family_plan(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    family_plan_id: Path<Uuid>,
    version: IfMatch,
    body: Json<FamilyPlanInput>,
) -> Result<HttpResponse, Problem> {
    let (territory_id, id) = (actor.territory_id, family_plan_id.into_inner());
    let mut conn = db.conn().await?;
    let plan = transaction(&mut conn, async |conn| {
        let worker_id = find_worker_id(conn, territory_id, actor.id).await?;
        let present = lock_plan(conn, territory_id, worker_id, id).await?;
        version.check(present.version)?;
        present.must_be_draft()?;
        if body.store_id != present.store_id {
            return Err(Problem::invalid("/store_id", "immutable"));
        }
        let items = body.check(conn, &vault, territory_id, worker_id).await?;
        write_items(conn, id, &items).await?;
        raise_version(conn, id).await?;
        show_draft(conn, &vault, territory_id, worker_id, id).await
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(plan.version))).json(plan))
}
