use super::{GovernanceSettings, queries};
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::extract::{IfMatch, Json, etag_of};
use concilia_kernel::{Actor, Db, Problem};

/// Change the terms of governance
///
/// Replaces the terms of the territory's bodies, which may be stricter than those of the field and never laxer: at least 5
/// days' notice for the committee and 10 for the assembly, requests for opinions filed 15 days before, 2 meetings of the
/// committee and 1 of the assembly in a year. Meetings already convened keep the notice they were sent with.
#[utoipa::path(
    tag = "governance",
    params(("If-Match" = String, Header, description = "Version the change starts from.")),
    request_body = GovernanceSettings,
    responses((status = 200, description = "The changed terms.", body = GovernanceSettings,
        headers(("ETag" = String, description = "Version of the terms.")))),
)]
#[put("/v1/governance-settings")]
pub async fn update_governance_settings(
    actor: Actor,
    db: Data<Db>,
    seen: IfMatch,
    body: Json<GovernanceSettings>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let version = queries::update(&mut conn, actor.territory_id, &body, seen.versions()).await?;
    let version = version.ok_or_else(IfMatch::stale)?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(version))).json(*body))
}
