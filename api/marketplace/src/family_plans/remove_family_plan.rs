use super::queries::{delete_plan, lock_plan};
use actix_web::web::Data;
use actix_web::{HttpResponse, delete};
use concilia_eligibility::find_worker_id;
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Path};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Remove a family plan
///
/// Only a draft is removed; a submitted plan is kept with its orders.
#[utoipa::path(
    tag = "marketplace",
    params(
        ("family_plan_id" = Uuid, Path, description = "The plan."),
        ("If-Match" = String, Header, description = "Version that is removed.", min_length = 1, max_length = 255),
    ),
    responses(
        (status = 204, description = "Removed."),
        (status = 409, description = "The plan has been submitted."),
        (status = 412, description = "The plan has changed since."),
        (status = 428, description = "`If-Match` is missing."),
    ),
)]
#[delete("/v1/family-plans/{family_plan_id}")]
pub async fn remove_family_plan(
    actor: Actor,
    db: Data<Db>,
    family_plan_id: Path<Uuid>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    transaction(&mut conn, async |conn| {
        let worker_id = find_worker_id(conn, actor.territory_id, actor.id).await?;
        let present = lock_plan(conn, actor.territory_id, worker_id, *family_plan_id).await?;
        version.check(present.version)?;
        present.must_be_draft()?;
        Ok(delete_plan(conn, *family_plan_id).await?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
