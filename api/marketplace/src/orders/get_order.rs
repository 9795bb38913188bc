use super::{Order, OrderReads};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{IfNoneMatch, Path, etag_of};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Problem};
use uuid::Uuid;

/// Read an order
///
/// The order with its history, for its family, its provider, the lead of its store and the agency; each sees only
/// what its role needs. Who it is for, notes and reasons are between the family and the provider.
#[utoipa::path(
    tag = "marketplace",
    params(
        ("order_id" = Uuid, Path, description = "The order."),
        ("If-None-Match" = Option<String>, Header, description = "Version that the caller holds.",
         min_length = 1, max_length = 255),
    ),
    responses(
        (status = 200, description = "The order.", body = Order,
         headers(("ETag" = String, description = "Version of the order."))),
        (status = 304, description = "The caller holds this version."),
    ),
)]
#[get("/v1/orders/{order_id}")]
pub async fn get_order(
    actor: Actor,
    orders: Data<OrderReads>,
    vault: Data<Vault>,
    order_id: Path<Uuid>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let order = orders.read(*order_id).await?.ok_or_else(Problem::not_found)?.seen_by(&actor, &vault)?;
    let tag = etag_of(order.version);
    if held.holds(&tag) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish());
    }
    Ok(HttpResponse::Ok().insert_header((header::ETAG, tag)).json(order))
}
