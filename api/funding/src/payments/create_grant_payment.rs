use super::payment::GrantPayment;
use super::queries;
use crate::grant::{HeldGrant, hold_grant};
use crate::rules::payments::payable;
use crate::rules::states::GrantPaymentState;
use crate::schema::grant_payments;
use crate::stance::{Author, agency};
use crate::tranches::tranches_of;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use concilia_kernel::extract::{IdempotencyKey, Json, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, FieldError, Money, Problem, checks, new_id, now};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A payment to be made.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "project_id": "0193a5d0-1111-7000-8000-000000000002", "tranche_number": 1, "act": "Decreto n. 420",
    "act_date": "2026-07-06"
}))]
pub struct CreateGrantPayment {
    /// The project whose lead is paid.
    pub project_id: Uuid,
    /// The tranche.
    #[schema(format = Int32, minimum = 1, maximum = 20)]
    #[validate(range(min = 1, max = 20))]
    pub tranche_number: i16,
    /// EUR; left out: all that may be paid of the tranche now.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "decimal", min_length = 4, max_length = 13, example = "10000.00",
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$")]
    #[validate(custom(function = "checks::positive"))]
    pub amount: Option<Money>,
    /// Act that orders the payment.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub act: String,
    /// Date of the act; not in the future.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::past_day"))]
    pub act_date: NaiveDate,
}

/// Ask for a payment of a grant
///
/// By the agency; another officer approves it. Nothing is paid before the agreement is signed. The advance is paid on
/// the agreement; interim tranches refund expenses that reports have validated, and never exceed them; the balance
/// waits for the approved settlement, after which nothing exceeds the admissible grant. All payments together never
/// exceed the grant, nor those of a tranche the tranche.
#[utoipa::path(
    tag = "funding",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = CreateGrantPayment,
    responses((status = 201, description = "The payment, which waits for approval.", body = GrantPayment,
                headers(("Location" = String, description = "Address of the payment."),
                        ("ETag" = String, description = "Version of the payment."))),
              (status = 409, description = "The agreement is not signed (`agreement_not_signed`), or less than that \
                                            may be paid of the tranche now (`grant_exceeded`).")),
)]
#[post("/v1/grant-payments")]
pub async fn create_grant_payment(
    actor: Actor,
    db: Data<Db>,
    key: IdempotencyKey,
    body: Json<CreateGrantPayment>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_grant_payment", body.hash());
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let held = hold_grant(conn, actor.territory_id, body.project_id).await;
        let held = held.map_err(|problem| match problem.code() {
            Code::NotFound => Problem::invalid("/project_id", "not_found"),
            _ => problem,
        })?;
        let payment = order(conn, actor.territory_id, &held, &body, agency(&actor)).await?;
        let location = format!("/v1/grant-payments/{}", payment.id);
        Ok(Reply::created(location, &payment)?.etag(etag_of(payment.version)))
    })
    .await
}

/// Asks for a payment of a grant that the transaction holds.
pub(crate) async fn order(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    HeldGrant { grant, project }: &HeldGrant,
    asked: &CreateGrantPayment,
    author: Author,
) -> Result<GrantPayment, Problem> {
    if grant.signed_at.is_none() {
        return Err(Problem::new(Code::AgreementNotSigned).explain(
            format!("La convenzione del progetto {} non è firmata da entrambe le parti.", project.reference),
            format!("The agreement of project {} is not signed by both parties.", project.reference),
        ));
    }
    if grant.revoked_at.is_some() {
        return Err(
            Problem::new(Code::Conflict).explain("Il contributo è stato revocato.", "The grant was revoked.")
        );
    }
    let tranches = tranches_of(conn, territory_id, project.id).await?;
    let tranche = tranches.iter().find(|tranche| tranche.number == asked.tranche_number);
    let tranche = tranche.ok_or_else(|| Problem::invalid("/tranche_number", "not_found"))?;
    let standing = queries::standing(conn, territory_id, grant, &tranches).await?;
    let most = payable(tranche.kind, tranche.amount - tranche.ordered, &standing);
    let amount = asked.amount.unwrap_or(most);
    if amount > most || !amount.is_positive() {
        return Err(Problem::new(Code::GrantExceeded)
            .explain(
                format!("Della tranche {} ora si possono pagare al massimo {most}.", tranche.number),
                format!("At most {most} of tranche {} may be paid now.", tranche.number),
            )
            .with_error(FieldError::pointer("/amount", "grant_exceeded").value(amount.to_string())));
    }
    let payment: GrantPayment = diesel::insert_into(grant_payments::table)
        .values((
            grant_payments::id.eq(new_id()),
            grant_payments::territory_id.eq(territory_id),
            grant_payments::project_id.eq(project.id),
            grant_payments::tranche_number.eq(tranche.number),
            grant_payments::amount.eq(amount),
            grant_payments::state.eq(GrantPaymentState::Requested),
            grant_payments::validated.eq(standing.validated),
            grant_payments::act.eq(&asked.act),
            grant_payments::act_date.eq(asked.act_date),
            grant_payments::created_by.eq(author.id),
            grant_payments::created_at.eq(now()),
        ))
        .returning(GrantPayment::as_returning())
        .get_result(conn)
        .await?;
    queries::announce(conn, territory_id, &payment, None, author, None).await?;
    Ok(payment)
}
