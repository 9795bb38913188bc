use super::decision::decide;
use super::detail::ProjectDetail;
use crate::rules::project_state::ProjectState;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path};
use concilia_kernel::idempotency::{RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Find a project admissible
///
/// A submitted project goes on to the evaluation. Each of its partners has signed its mandate, those too that came with a
/// project that it absorbed. An act of the agency.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The project.", body = ProjectDetail,
                headers(("ETag" = String, description = "Version of the project."))),
              (status = 409, description = "The project is not submitted: `transition_not_allowed`."),
              (status = 422, description = "A partner has not signed its mandate: `mandates_signed`.")),
)]
#[post("/v1/projects/{project_id}/admit")]
pub async fn admit_project(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "admit_project", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| decide(conn, &actor, id.0, ProjectState::Admissible, None).await)
        .await
}
