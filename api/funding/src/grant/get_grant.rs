use super::view::{ProjectGrant, load_view};
use crate::stance::Stance;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Read the grant of a project
///
/// What was assigned, ordered, paid and given back, the budget in force with what each cost item has used, and the
/// tranches; for the agency, the lead's officers and the partners. A project has one once its lead has accepted.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project.")),
    responses((status = 200, description = "The grant.", body = ProjectGrant,
        headers(("ETag" = String, description = "Version of the grant.")))),
)]
#[get("/v1/projects/{project_id}/grant")]
pub async fn get_grant(actor: Actor, db: Data<Db>, project_id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let project = concilia_planning::find_project(&mut &**reader, actor.territory_id, *project_id).await?;
    let project = project.ok_or_else(Problem::not_found)?;
    Stance::of(&mut &**reader, &actor, &project).await?;
    let view = load_view(&mut &**reader, actor.territory_id, *project_id).await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(view.version))).json(view))
}
