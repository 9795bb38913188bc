use super::decision::{ProjectReason, decide};
use super::detail::ProjectDetail;
use crate::rules::project_state::ProjectState;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Find a project inadmissible
///
/// A submitted project is not evaluated, with the reason; neither is one whose integrations were not submitted by when
/// they were due. An act of the agency.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = ProjectReason,
    responses((status = 200, description = "The project.", body = ProjectDetail,
                headers(("ETag" = String, description = "Version of the project."))),
              (status = 409, description = "The project is not submitted (`transition_not_allowed`), or its alliance \
                  still has time to submit integrations (`conflict`).")),
)]
#[post("/v1/projects/{project_id}/declare-inadmissible")]
pub async fn declare_project_inadmissible(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<ProjectReason>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "declare_project_inadmissible", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        decide(conn, &actor, id.0, ProjectState::Inadmissible, Some(&body.reason)).await
    })
    .await
}
