use super::{ActionPayment, decide};
use crate::rules::states::ActionPaymentState;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Approve a payment of an action
///
/// It counts as paid; an entry that takes a payment back gives its money to the action again. Never by who recorded it.
#[utoipa::path(
    tag = "actions",
    params(("action_payment_id" = Uuid, Path, description = "The payment, or the entry that takes one back."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The approved payment.", body = ActionPayment),
              (status = 409, description = "The caller recorded it (`approver_is_author`), or it is decided \
                                            already (`transition_not_allowed`).")),
)]
#[post("/v1/action-payments/{action_payment_id}/approve")]
pub async fn approve_action_payment(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "approve_action_payment", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| Reply::ok(&approve(conn, &actor, id.0).await?)).await
}

/// Approves a payment, as an officer of the agency other than who recorded it.
pub async fn approve(conn: &mut AsyncPgConnection, actor: &Actor, id: Uuid) -> Result<ActionPayment, Problem> {
    decide(conn, actor, id, ActionPaymentState::Approved, None).await
}
