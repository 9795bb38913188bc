use super::versions::{self, ProjectVersion};
use super::visibility::require_visible;
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem};
use uuid::Uuid;

/// List a project's versions
///
/// The project as it stood at each submission, integration, merger, change of partners, variation and award, oldest
/// first.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."), PageQuery),
    responses((status = 200, description = "A page of versions.", body = Page<ProjectVersion>)),
)]
#[get("/v1/projects/{project_id}/versions")]
pub async fn list_project_versions(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<web::Json<Page<ProjectVersion>>, Problem> {
    let (after, limit) = (query.after()?.unwrap_or(0), query.limit());
    let reader = db.reader().await?;
    require_visible(&mut &**reader, &actor, id.0).await?;
    let found = versions::list(&mut &**reader, (actor.territory_id, id.0), after, limit).await?;
    Ok(web::Json(page(found, limit, |version| version.number)))
}
