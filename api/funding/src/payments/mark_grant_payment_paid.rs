use super::payment::GrantPayment;
use super::queries;
use crate::grant::hold_grant;
use crate::rules::states::{GrantPaymentState, PAYMENT};
use crate::schema::grant_payments;
use crate::stance::{Author, agency};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem, checks};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What the treasury did.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"payment_reference": "Mandato n. 1834", "paid_on": "2026-07-15"}))]
pub struct GrantPaymentPaid {
    /// Reference of the treasury's order.
    #[schema(min_length = 1, max_length = 140, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 140), custom(function = "checks::line"))]
    pub payment_reference: String,
    /// Day on which it paid; not before the act, not in the future.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::past_day"))]
    pub paid_on: NaiveDate,
}

/// Mark a payment of a grant paid
///
/// By the agency, once the payment is approved and the treasury has paid.
#[utoipa::path(
    tag = "funding",
    params(("grant_payment_id" = Uuid, Path, description = "The payment."),
           ("If-Match" = Option<String>, Header, description = "Version that was read.", max_length = 255),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = GrantPaymentPaid,
    responses((status = 200, description = "The payment, paid.", body = GrantPayment,
                headers(("ETag" = String, description = "Version of the payment."))),
              (status = 409, description = "Its state does not allow it: `transition_not_allowed`.")),
)]
#[post("/v1/grant-payments/{grant_payment_id}/pay")]
pub async fn mark_grant_payment_paid(
    actor: Actor,
    db: Data<Db>,
    grant_payment_id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
    body: Json<GrantPaymentPaid>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "mark_grant_payment_paid", body.hash()).with_path(*grant_payment_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let found = queries::find(conn, actor.territory_id, *grant_payment_id).await?;
        hold_grant(conn, actor.territory_id, found.project_id).await?;
        let payment = queries::find(conn, actor.territory_id, *grant_payment_id).await?;
        if let Some(seen) = seen {
            seen.check(payment.version)?;
        }
        let payment = mark_paid(conn, actor.territory_id, &payment, &body, agency(&actor)).await?;
        Ok(Reply::ok(&payment)?.etag(etag_of(payment.version)))
    })
    .await
}

/// Marks a payment paid, of a grant that the transaction holds.
pub(crate) async fn mark_paid(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    payment: &GrantPayment,
    paid: &GrantPaymentPaid,
    author: Author,
) -> Result<GrantPayment, Problem> {
    PAYMENT.check(payment.state, GrantPaymentState::Paid)?;
    if paid.paid_on < payment.act_date {
        return Err(Problem::invalid("/paid_on", "date_order"));
    }
    let change = (
        grant_payments::state.eq(GrantPaymentState::Paid),
        grant_payments::payment_reference.eq(&paid.payment_reference),
        grant_payments::paid_on.eq(paid.paid_on),
        grant_payments::paid_by.eq(author.id),
        grant_payments::version.eq(grant_payments::version + 1),
    );
    let marked: GrantPayment = cached(
        diesel::update(grant_payments::table.find(payment.id)).set(change).returning(GrantPayment::as_returning()),
    )
    .get_result(conn)
    .await?;
    queries::announce(conn, territory_id, &marked, Some(payment.state), author, None).await?;
    Ok(marked)
}
