use super::Order;
use super::make_move::{Details, MoveRequest, make_move};
use crate::family_plans::plain_text;
use crate::rules::moves;
use crate::sealed_text::{PROPOSAL_NOTE, SealedText};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Json, Path};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Another session instead of the one requested.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderProposal {
    /// Session of the same service.
    pub service_session_id: Uuid,
    /// What the family should know; it and the provider alone read it.
    #[schema(max_length = 500, pattern = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
    #[validate(length(max = 500), custom(function = "plain_text"))]
    #[serde(default)]
    pub note: Option<String>,
}

/// Propose another session
///
/// The provider offers another session of the service, and holds a place of it until the family answers. The order
/// keeps the place of the first session meanwhile.
#[utoipa::path(
    tag = "marketplace",
    params(
        ("order_id" = Uuid, Path, description = "The order."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
         min_length = 1, max_length = 255),
        ("If-Match" = Option<String>, Header, description = "Version that is moved, if it matters.",
         min_length = 1, max_length = 255),
    ),
    request_body(content = OrderProposal, example = json!({"service_session_id": "01980000-0000-7000-8000-000000000051",
        "note": "Il lunedì è al completo: va bene il mercoledì?"})),
    responses(
        (status = 200, description = "The order, moved.", body = Order,
         headers(("ETag" = String, description = "Version of the order."))),
        (status = 409, description = "Its state does not allow the move, the session cannot be booked, or it is after the \
                                      last day of the voucher that pays (`voucher_not_spendable`)."),
        (status = 412, description = "The order has changed since."),
    ),
)]
#[post("/v1/orders/{order_id}/propose")]
pub async fn propose_order(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    order_id: Path<Uuid>,
    key: IdempotencyKey,
    versions: Option<IfMatch>,
    body: Json<OrderProposal>,
) -> Result<HttpResponse, Problem> {
    let hash = body.hash();
    let OrderProposal { service_session_id, note } = body.into_inner();
    let note_sealed = note.map(|note| SealedText::seal(&vault, PROPOSAL_NOTE, &note));
    let details = Details { session_id: Some(service_session_id), note_sealed, reason_sealed: None };
    let request = MoveRequest {
        operation: "propose_order",
        made: &moves::PROPOSE,
        order_id: *order_id,
        key,
        versions,
        hash,
        details,
    };
    make_move(&actor, &db, &vault, request).await
}
