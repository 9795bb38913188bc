use super::Order;
use super::make_move::{MoveRequest, make_move};
use crate::rules::moves;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Path};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Confirm an order
///
/// The provider takes on what the family has requested.
#[utoipa::path(
    tag = "marketplace",
    params(
        ("order_id" = Uuid, Path, description = "The order."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
         min_length = 1, max_length = 255),
        ("If-Match" = Option<String>, Header, description = "Version that is moved, if it matters.",
         min_length = 1, max_length = 255),
    ),
    responses(
        (status = 200, description = "The order, moved.", body = Order,
         headers(("ETag" = String, description = "Version of the order."))),
        (status = 409, description = "Its state does not allow the move."),
        (status = 412, description = "The order has changed since."),
    ),
)]
#[post("/v1/orders/{order_id}/confirm")]
pub async fn confirm_order(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    order_id: Path<Uuid>,
    key: IdempotencyKey,
    versions: Option<IfMatch>,
) -> Result<HttpResponse, Problem> {
    let request = MoveRequest::plain("confirm_order", &moves::CONFIRM, *order_id, key, versions);
    make_move(&actor, &db, &vault, request).await
}
