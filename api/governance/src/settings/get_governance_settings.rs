use super::{GovernanceSettings, find};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::etag_of;
use concilia_kernel::{Actor, Db, Problem};

/// Read the terms of governance
///
/// Notices, deadlines and yearly duties of the territory's bodies.
#[utoipa::path(
    tag = "governance",
    responses((status = 200, description = "The terms.", body = GovernanceSettings,
        headers(("ETag" = String, description = "Version of the terms.")))),
)]
#[get("/v1/governance-settings")]
pub async fn get_governance_settings(actor: Actor, db: Data<Db>) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let found = find(&mut &**reader, actor.territory_id).await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(found.version))).json(found.settings))
}
