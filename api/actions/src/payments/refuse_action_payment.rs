use super::{ActionPayment, decide};
use crate::reason::Reason;
use crate::rules::states::ActionPaymentState;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Refuse a payment of an action
///
/// Its amount is free again, with the reason kept. Never by who recorded it.
#[utoipa::path(
    tag = "actions",
    params(("action_payment_id" = Uuid, Path, description = "The payment, or the entry that takes one back."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = Reason,
    responses((status = 200, description = "The refused payment.", body = ActionPayment),
              (status = 409, description = "The caller recorded it (`approver_is_author`), or it is decided \
                                            already (`transition_not_allowed`).")),
)]
#[post("/v1/action-payments/{action_payment_id}/refuse")]
pub async fn refuse_action_payment(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<Reason>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "refuse_action_payment", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        Reply::ok(&decide(conn, &actor, id.0, ActionPaymentState::Refused, Some(&body.reason)).await?)
    })
    .await
}
