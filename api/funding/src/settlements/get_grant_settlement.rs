use super::settlement::{GrantSettlement, last_settlement};
use crate::stance::Stance;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Read the settlement of a grant
///
/// The one that counts; for the agency, the lead's officers and the partners.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project.")),
    responses((status = 200, description = "The settlement.", body = GrantSettlement,
        headers(("ETag" = String, description = "Version of the settlement.")))),
)]
#[get("/v1/projects/{project_id}/settlement")]
pub async fn get_grant_settlement(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let project = concilia_planning::find_project(&mut &**reader, actor.territory_id, *project_id).await?;
    Stance::of(&mut &**reader, &actor, &project.ok_or_else(Problem::not_found)?).await?;
    let settlement = last_settlement(&mut &**reader, actor.territory_id, *project_id).await?;
    let settlement = settlement.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(settlement.version))).json(settlement))
}
