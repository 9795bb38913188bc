use super::project::{Project, with_partners};
use super::summary::find_project;
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Read a project
///
/// A funded project of the caller's territory, with its lead and partners.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project.")),
    responses((status = 200, description = "The project.", body = Project)),
)]
#[get("/v1/projects/{project_id}")]
pub async fn get_project(actor: Actor, db: Data<Db>, id: Path<Uuid>) -> Result<web::Json<Project>, Problem> {
    let reader = db.reader().await?;
    let found = find_project(&mut &**reader, actor.territory_id, *id).await?;
    let found = with_partners(&mut &**reader, actor.territory_id, Vec::from_iter(found)).await?;
    found.into_iter().next().map(web::Json).ok_or_else(Problem::not_found)
}
