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

/// Reject an order
///
/// The provider does not take the order on: money and places go back.
#[utoipa::path(
    tag = "marketplace",
    params(
        ("order_id" = Uuid, Path, description = "The order."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
         min_length = 1, max_length = 255),
        ("If-Match" = Option<String>, Header, description = "Version that is moved, if it matters.",
         min_length = 1, max_length = 255),
    ),
    request_body(content = OrderReason, example = json!({"reason": "Il gruppo è al completo."})),
    responses(
        (status = 200, description = "The order, moved.", body = Order,
         headers(("ETag" = String, description = "Version of the order."))),
        (status = 409, description = "Its state does not allow the move."),
        (status = 412, description = "The order has changed since."),
    ),
)]
#[post("/v1/orders/{order_id}/reject")]
pub async fn reject_order(
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
        operation: "reject_order",
        made: &moves::REJECT,
        order_id: *order_id,
        key,
        versions,
        hash,
        details,
    };
    make_move(&actor, &db, &vault, request).await
}
