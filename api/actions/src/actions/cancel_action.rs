use super::{Action, advance};
use crate::queries;
use crate::reason::Reason;
use crate::rules::states::{ACTION, ActionState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, Problem};
use uuid::Uuid;

/// Cancel an action
///
/// Gives it up, with a reason. What it has not paid goes back to what the plan keeps for its actions.
#[utoipa::path(
    tag = "actions",
    params(("action_id" = Uuid, Path, description = "The action."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = Reason,
    responses((status = 200, description = "The cancelled action.", body = Action,
                headers(("ETag" = String, description = "Version of the action."))),
              (status = 409, description = "It is over (`transition_not_allowed`), or has payments to be decided \
                                            (`conflict`).")),
)]
#[post("/v1/actions/{action_id}/cancel")]
pub async fn cancel_action(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<Reason>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "cancel_action", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let action = queries::actions::hold(conn, actor.territory_id, id.0).await?;
        let action = action.ok_or_else(Problem::not_found)?;
        ACTION.check(action.state, ActionState::Cancelled)?;
        if action.pending.is_positive() {
            return Err(Problem::new(Code::Conflict).explain(
                format!("L'azione ha pagamenti da decidere per {}.", action.pending),
                format!("The action has {} of payments to be decided.", action.pending),
            ));
        }
        let action = advance(conn, &actor, &action, ActionState::Cancelled, Some(&body.reason)).await?;
        Ok(Reply::ok(&action)?.etag(etag_of(action.version)))
    })
    .await
}
