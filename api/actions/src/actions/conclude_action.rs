use super::{Action, advance};
use crate::queries;
use crate::rules::states::ActionState;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Conclude an action
///
/// It has done what it was for. Invoices that arrive later are still paid from its budget.
#[utoipa::path(
    tag = "actions",
    params(("action_id" = Uuid, Path, description = "The action."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The concluded action.", body = Action,
                headers(("ETag" = String, description = "Version of the action."))),
              (status = 409, description = "It is not running: `transition_not_allowed`.")),
)]
#[post("/v1/actions/{action_id}/conclude")]
pub async fn conclude_action(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "conclude_action", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let action = queries::actions::hold(conn, actor.territory_id, id.0).await?;
        let action = action.ok_or_else(Problem::not_found)?;
        let action = advance(conn, &actor, &action, ActionState::Concluded, None).await?;
        Ok(Reply::ok(&action)?.etag(etag_of(action.version)))
    })
    .await
}
