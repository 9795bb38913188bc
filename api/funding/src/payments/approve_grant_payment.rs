use super::payment::GrantPayment;
use super::queries;
use crate::grant::hold_grant;
use crate::rules::states::{GrantPaymentState, PAYMENT};
use crate::schema::grant_payments;
use crate::stance::{Author, agency};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, Problem, now};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Approve a payment of a grant
///
/// By an officer of the agency other than the one who asked for it.
#[utoipa::path(
    tag = "funding",
    params(("grant_payment_id" = Uuid, Path, description = "The payment."),
           ("If-Match" = Option<String>, Header, description = "Version that is approved.", max_length = 255),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The payment, approved.", body = GrantPayment,
                headers(("ETag" = String, description = "Version of the payment."))),
              (status = 409, description = "The caller asked for it (`approver_is_author`), or its state does not allow \
                                            it (`transition_not_allowed`).")),
)]
#[post("/v1/grant-payments/{grant_payment_id}/approve")]
pub async fn approve_grant_payment(
    actor: Actor,
    db: Data<Db>,
    grant_payment_id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "approve_grant_payment", [0; 32]).with_path(*grant_payment_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let found = queries::find(conn, actor.territory_id, *grant_payment_id).await?;
        hold_grant(conn, actor.territory_id, found.project_id).await?;
        let payment = queries::find(conn, actor.territory_id, *grant_payment_id).await?;
        if let Some(seen) = seen {
            seen.check(payment.version)?;
        }
        let payment = approve(conn, actor.territory_id, &payment, agency(&actor)).await?;
        Ok(Reply::ok(&payment)?.etag(etag_of(payment.version)))
    })
    .await
}

/// Approves a payment of a grant that the transaction holds.
pub(crate) async fn approve(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    payment: &GrantPayment,
    author: Author,
) -> Result<GrantPayment, Problem> {
    PAYMENT.check(payment.state, GrantPaymentState::Approved)?;
    if payment.created_by == author.id {
        return Err(Problem::new(Code::ApproverIsAuthor));
    }
    let change = (
        grant_payments::state.eq(GrantPaymentState::Approved),
        grant_payments::approved_by.eq(author.id),
        grant_payments::approved_at.eq(now()),
        grant_payments::version.eq(grant_payments::version + 1),
    );
    let approved: GrantPayment = cached(
        diesel::update(grant_payments::table.find(payment.id)).set(change).returning(GrantPayment::as_returning()),
    )
    .get_result(conn)
    .await?;
    queries::announce(conn, territory_id, &approved, Some(payment.state), author, None).await?;
    Ok(approved)
}
