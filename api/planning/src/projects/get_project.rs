use super::detail::{ProjectDetail, load_detail};
use super::update_project::answered;
use super::visibility::require_visible;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Read a project
///
/// A project with its alliance, budget, co-financing, activities, integration requests and history. Who may not know of
/// it is answered 404: see `list_projects`.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project.")),
    responses((status = 200, description = "The project.", body = ProjectDetail,
        headers(("ETag" = String, description = "Version of the project, for `If-Match`.")))),
)]
#[get("/v1/projects/{project_id}")]
pub async fn get_project(actor: Actor, db: Data<Db>, id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    require_visible(&mut &**reader, &actor, id.0).await?;
    let project = load_detail(&mut &**reader, actor.territory_id, id.0).await?;
    Ok(answered(&project))
}
