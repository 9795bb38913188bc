use super::content::ProjectContent;
use super::detail::{ProjectDetail, load_detail};
use super::queries::update_content;
use super::visibility::{hold_for_lead, require_editable};
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Change a project
///
/// Rewrites what the lead writes of a draft, or of a project of which integrations are asked. Its budget, partners,
/// co-financing and activities are changed by operations of their own.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("If-Match" = String, Header, description = "Version the change starts from.")),
    request_body = ProjectContent,
    responses((status = 200, description = "The changed project.", body = ProjectDetail,
                headers(("ETag" = String, description = "Version of the project."))),
              (status = 409, description = "The project can no longer be changed: `transition_not_allowed`.")),
)]
#[put("/v1/projects/{project_id}")]
pub async fn update_project(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Json<ProjectContent>,
) -> Result<HttpResponse, Problem> {
    body.check_together()?;
    let mut conn = db.conn().await?;
    let project = transaction(&mut conn, async |conn| {
        let held = hold_for_lead(conn, &actor, id.0).await?;
        seen.check(held.version)?;
        require_editable(&held)?;
        update_content(conn, actor.territory_id, held.id, &body).await?;
        load_detail(conn, actor.territory_id, held.id).await
    })
    .await?;
    Ok(answered(&project))
}

/// A project as it is after a change.
pub(crate) fn answered(project: &ProjectDetail) -> HttpResponse {
    HttpResponse::Ok().insert_header(("ETag", etag_of(project.version))).json(project)
}
