use super::line::{CofinancingLineView, answered_line, load_line};
use super::partner_organisations;
use crate::projects::visibility::require_visible;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Read a co-financing line
///
/// What the lead or a partner puts into a project, with the version that changing it or signing it off asks for: each
/// line has a version of its own, so that partners write theirs at the same time. An empty one where nothing was
/// written yet.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("organisation_id" = Uuid, Path, description = "The lead or a partner.")),
    responses((status = 200, description = "The line.", body = CofinancingLineView,
        headers(("ETag" = String, description = "Version of the line, for `If-Match`.")))),
)]
#[get("/v1/projects/{project_id}/cofinancing-lines/{organisation_id}")]
pub async fn get_cofinancing_line(
    actor: Actor,
    db: Data<Db>,
    path: Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (project_id, organisation_id) = path.into_inner();
    let reader = db.reader().await?;
    require_visible(&mut &**reader, &actor, project_id).await?;
    let partners = partner_organisations(&mut &**reader, actor.territory_id, &[project_id]).await?;
    if partners.iter().all(|partner| partner.organisation_id != organisation_id) {
        return Err(Problem::not_found());
    }
    let line = load_line(&mut &**reader, (actor.territory_id, project_id, organisation_id)).await?;
    Ok(answered_line(&line))
}
