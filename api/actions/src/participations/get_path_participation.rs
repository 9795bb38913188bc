use super::{PathParticipation, role_for};
use crate::queries;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Get a company on its path
///
/// The steps done and what came of them: for the company's officers and the agency.
#[utoipa::path(
    tag = "actions",
    params(("path_participation_id" = Uuid, Path, description = "The company on its path.")),
    responses((status = 200, description = "The company on its path.", body = PathParticipation)),
)]
#[get("/v1/path-participations/{path_participation_id}")]
pub async fn get_path_participation(actor: Actor, db: Data<Db>, id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let found = queries::participations::find(&mut &**reader, actor.territory_id, id.0).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    role_for(&actor, found.organisation_id)?;
    Ok(HttpResponse::Ok().json(found))
}
