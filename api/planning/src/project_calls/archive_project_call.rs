use super::reason::act;
use super::{ProjectCall, ProjectCallState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path};
use concilia_kernel::idempotency::{RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Archive a project call
///
/// Puts away an awarded call, on which nothing more will happen.
#[utoipa::path(
    tag = "planning",
    params(("project_call_id" = Uuid, Path, description = "The call."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The archived call.", body = ProjectCall,
                headers(("ETag" = String, description = "Version of the call."))),
              (status = 409, description = "The call is not awarded: `transition_not_allowed`.")),
)]
#[post("/v1/project-calls/{project_call_id}/archive")]
pub async fn archive_project_call(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "archive_project_call", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| act(conn, &actor, id.0, ProjectCallState::Archived, None).await)
        .await
}
