use super::make_move::{Details, MoveRequest, make_move};
use super::{Order, OrderReason};
use crate::rules::moves;
use crate::sealed_text::{REASON, SealedText};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Json, Path};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Cancel an order
///
/// The family cancels until the store's free cancellation time before the session starts; the provider until it has
/// delivered. Money and places go back.
#[utoipa::path(
    tag = "marketplace",
    params(
        ("order_id" = Uuid, Path, description = "The order."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
         min_length = 1, max_length = 255),
        ("If-Match" = Option<String>, Header, description = "Version that is moved, if it matters.",
         min_length = 1, max_length = 255),
    ),
    request_body(content = OrderReason, example = json!({"reason": "Abbiamo un altro impegno."})),
    responses(
        (status = 200, description = "The order, moved.", body = Order,
         headers(("ETag" = String, description = "Version of the order."))),
        (status = 409, description = "Its state does not allow the move, or it is too late to cancel."),
        (status = 412, description = "The order has changed since."),
    ),
)]
#[post("/v1/orders/{order_id}/cancel")]
pub async fn cancel_order(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    order_id: Path<Uuid>,
    key: IdempotencyKey,
    versions: Option<IfMatch>,
    body: Json<OrderReason>,
) -> Result<HttpResponse, Problem> {
    let hash = body.hash();
    let reason_sealed = Some(SealedText::seal(&vault, REASON, &body.reason));
    let details = Details { reason_sealed, ..Details::default() };
    let request = MoveRequest {
        operation: "cancel_order",
        made: &moves::CANCEL,
        order_id: *order_id,
        key,
        versions,
        hash,
        details,
    };
    make_move(&actor, &db, &vault, request).await
}
