use super::payment::GrantPayment;
use super::queries;
use crate::grant::hold_grant;
use crate::input::Reason;
use crate::rules::states::{GrantPaymentState, PAYMENT};
use crate::stance::agency;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Cancel a payment of a grant
///
/// By the agency, with the reason, before it is paid. Its amount may be ordered again.
#[utoipa::path(
    tag = "funding",
    params(("grant_payment_id" = Uuid, Path, description = "The payment."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = Reason,
    responses((status = 200, description = "The payment, cancelled.", body = GrantPayment,
                headers(("ETag" = String, description = "Version of the payment."))),
              (status = 409, description = "It is paid or cancelled: `transition_not_allowed`.")),
)]
#[post("/v1/grant-payments/{grant_payment_id}/cancel")]
pub async fn cancel_grant_payment(
    actor: Actor,
    db: Data<Db>,
    grant_payment_id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<Reason>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "cancel_grant_payment", body.hash()).with_path(*grant_payment_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let found = queries::find(conn, actor.territory_id, *grant_payment_id).await?;
        hold_grant(conn, actor.territory_id, found.project_id).await?;
        let payment = queries::find(conn, actor.territory_id, *grant_payment_id).await?;
        PAYMENT.check(payment.state, GrantPaymentState::Cancelled)?;
        let cancelled = queries::cancel(conn, payment.id).await?;
        let from = Some(payment.state);
        let author = agency(&actor);
        queries::announce(conn, actor.territory_id, &cancelled, from, author, Some(&body.reason)).await?;
        Ok(Reply::ok(&cancelled)?.etag(etag_of(cancelled.version)))
    })
    .await
}
