use super::reason::{ProjectCallReason, act};
use super::{ProjectCall, ProjectCallState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Close a project call
///
/// Takes no more submissions, before the closing instant or after it. Calls past their closing instant are also closed
/// by the system.
#[utoipa::path(
    tag = "planning",
    params(("project_call_id" = Uuid, Path, description = "The call."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = ProjectCallReason,
    responses((status = 200, description = "The closed call.", body = ProjectCall,
                headers(("ETag" = String, description = "Version of the call."))),
              (status = 409, description = "The call is not open: `transition_not_allowed`.")),
)]
#[post("/v1/project-calls/{project_call_id}/close")]
pub async fn close_project_call(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<ProjectCallReason>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "close_project_call", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        act(conn, &actor, id.0, ProjectCallState::Closed, Some(&body.reason)).await
    })
    .await
}
