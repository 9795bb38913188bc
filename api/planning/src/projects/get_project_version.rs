use super::parts::ProjectParts;
use super::versions::{self, VersionReason};
use super::visibility::require_visible;
use actix_web::get;
use actix_web::web::{self, Data};
use chrono::{DateTime, Utc};
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Problem};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A project as it once stood.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectVersionDetail {
    /// Its number.
    #[schema(format = Int32, minimum = 1, maximum = 10_000)]
    pub number: i32,
    /// Why it was kept.
    pub reason: VersionReason,
    /// When.
    pub created_at: DateTime<Utc>,
    /// The project as it stood then.
    #[schema(value_type = ProjectParts)]
    pub project: Value,
}

/// Read a version of a project
///
/// The content of the project as it stood when the version was kept; it never changes.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("number" = i32, Path, description = "Number of the version.", minimum = 1, maximum = 10_000)),
    responses((status = 200, description = "The version.", body = ProjectVersionDetail)),
)]
#[get("/v1/projects/{project_id}/versions/{number}")]
pub async fn get_project_version(
    actor: Actor,
    db: Data<Db>,
    path: Path<(Uuid, i32)>,
) -> Result<web::Json<ProjectVersionDetail>, Problem> {
    let (project_id, number) = path.into_inner();
    let reader = db.reader().await?;
    require_visible(&mut &**reader, &actor, project_id).await?;
    let found = versions::find(&mut &**reader, (actor.territory_id, project_id), &[number]).await?;
    let (version, project) = found.into_iter().next().ok_or_else(Problem::not_found)?;
    Ok(web::Json(ProjectVersionDetail {
        number: version.number,
        reason: version.reason,
        created_at: version.created_at,
        project,
    }))
}
