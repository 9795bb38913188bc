use super::reason::act;
use super::{ProjectCall, ProjectCallState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path};
use concilia_kernel::idempotency::{RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Start the evaluation of a project call
///
/// From now on the committee's evaluators score the admissible projects, and the call can no longer be extended.
#[utoipa::path(
    tag = "planning",
    params(("project_call_id" = Uuid, Path, description = "The call."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The call being evaluated.", body = ProjectCall,
                headers(("ETag" = String, description = "Version of the call."))),
              (status = 409, description = "The call is not closed: `transition_not_allowed`.")),
)]
#[post("/v1/project-calls/{project_call_id}/start-evaluation")]
pub async fn start_evaluation(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "start_evaluation", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        act(conn, &actor, id.0, ProjectCallState::Evaluating, None).await
    })
    .await
}
