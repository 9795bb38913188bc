use super::{Action, advance};
use crate::queries;
use crate::rules::kinds::ActionKind;
use crate::rules::states::ActionState;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, Problem};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Start an action
///
/// From now on it pays, meets and reaches people. A cross-cutting action ties at least two projects together.
#[utoipa::path(
    tag = "actions",
    params(("action_id" = Uuid, Path, description = "The action."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The running action.", body = Action,
                headers(("ETag" = String, description = "Version of the action."))),
              (status = 409, description = "It is not planned (`transition_not_allowed`), or ties fewer than two \
                                            projects together (`conflict`).")),
)]
#[post("/v1/actions/{action_id}/start")]
pub async fn start_action(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "start_action", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let action = start(conn, &actor, id.0).await?;
        Ok(Reply::ok(&action)?.etag(etag_of(action.version)))
    })
    .await
}

/// Starts an action, as an officer of the agency.
pub async fn start(conn: &mut AsyncPgConnection, actor: &Actor, id: Uuid) -> Result<Action, Problem> {
    let action = queries::actions::hold(conn, actor.territory_id, id).await?;
    let action = action.ok_or_else(Problem::not_found)?;
    if action.state == ActionState::Planned {
        check_ready(action.kind, action.project_ids.len())?;
    }
    advance(conn, actor, &action, ActionState::Running, None).await
}

/// Refuses a running cross-cutting action that ties nothing together.
pub(super) fn check_ready(kind: ActionKind, projects: usize) -> Result<(), Problem> {
    if kind == ActionKind::System || projects >= 2 {
        return Ok(());
    }
    Err(Problem::new(Code::Conflict).explain(
        "Un'azione trasversale collega almeno due progetti.",
        "A cross-cutting action ties at least two projects together.",
    ))
}
