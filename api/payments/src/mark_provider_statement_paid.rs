use crate::provider_statement::{ProviderStatement, ProviderStatementState};
use crate::queries;
use crate::schema::provider_statements;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Json, Path};
use concilia_kernel::idempotency::{self, RequestIdentity};
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Db, Problem, now};
use concilia_ledger::{Payment, pay};
use concilia_marketplace::settlement::mark_paid;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkProviderStatementPaid {
    /// Reference of the bank transfer, in the characters that SEPA transfers carry.
    #[schema(
        min_length = 1,
        max_length = 140,
        pattern = "^[A-Za-z0-9/?:().,'+-][A-Za-z0-9/?:().,'+ -]*$",
        example = "CRO 12345678901"
    )]
    #[validate(length(min = 1, max = 140), custom(function = "sepa_text"))]
    pub payment_reference: String,
}

fn sepa_text(text: &str) -> Result<(), ValidationError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "/?:().,'+ -".contains(c);
    if text.chars().all(allowed) && !text.starts_with(' ') { Ok(()) } else { Err(ValidationError::new("pattern")) }
}

/// Mark a provider statement paid
///
/// Once the bank has paid an approved statement: its orders become `paid` and the vouchers' money is entered as paid,
/// all or nothing. By an officer of the store's lead or of the agency. `If-Match` is optional, as for the approval.
#[utoipa::path(
    tag = "payments",
    params(
        ("provider_statement_id" = Uuid, Path, description = "The statement."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
         min_length = 1, max_length = 255),
        ("If-Match" = Option<String>, Header, description = "Version that was read; 412 if it is no longer the last.",
         max_length = 255),
    ),
    request_body(content = MarkProviderStatementPaid, example = json!({"payment_reference": "CRO 12345678901"})),
    responses(
        (status = 200, description = "The statement, paid.", body = ProviderStatement,
         headers(("ETag" = String, description = "Version of the statement."))),
        (status = 409, description = "Its state does not allow it.",
         body = concilia_kernel::problem::ProblemDocument, content_type = "application/problem+json"),
        (status = 412, description = "It has changed.", body = concilia_kernel::problem::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
#[post("/v1/provider-statements/{provider_statement_id}/pay")]
pub async fn mark_provider_statement_paid(
    actor: Actor,
    db: Data<Db>,
    provider_statement_id: Path<Uuid>,
    key: IdempotencyKey,
    seen: Option<IfMatch>,
    body: Json<MarkProviderStatementPaid>,
) -> Result<HttpResponse, Problem> {
    let request =
        RequestIdentity::new(key, "mark_provider_statement_paid", body.hash()).with_path(*provider_statement_id);
    let mut conn = db.conn().await?;
    idempotency::once(&mut conn, &actor, request, async |conn| {
        let statement = queries::lock(conn, actor.territory_id, *provider_statement_id).await?;
        let agent = statement.decided_by(&actor)?;
        statement.check_move(ProviderStatementState::Paid, seen.as_ref())?;
        pay_orders(conn, actor.territory_id, statement.id, &body.payment_reference, agent).await?;
        let paid = cached(
            diesel::update(provider_statements::table.find(statement.id))
                .set((
                    provider_statements::state.eq(ProviderStatementState::Paid),
                    provider_statements::payment_reference.eq(&body.payment_reference),
                    provider_statements::paid_at.eq(now()),
                    provider_statements::version.eq(provider_statements::version + 1),
                ))
                .returning(ProviderStatement::as_returning()),
        )
        .get_result::<ProviderStatement>(conn)
        .await?;
        queries::announce(conn, actor.territory_id, &paid, Some(statement.state), agent).await?;
        paid.reply()
    })
    .await
}

/// The orders first, then their vouchers' money: the lock order of the ledger.
async fn pay_orders(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    statement_id: Uuid,
    reference: &str,
    agent: Agent,
) -> Result<(), Problem> {
    let lines = queries::lines(conn, territory_id, statement_id).await?;
    let orders: Vec<Uuid> = lines.iter().map(|(order_id, ..)| *order_id).collect();
    mark_paid(conn, territory_id, &orders, agent).await?;
    let owed = lines.iter().filter(|(_, _, covered)| covered.is_positive());
    let payments: Vec<Payment> = owed
        .filter_map(|(order_id, voucher_id, covered)| {
            voucher_id.map(|voucher_id| Payment { voucher_id, order_id: *order_id, amount: *covered })
        })
        .collect();
    pay(conn, territory_id, &payments, agent, &format!("paid to the provider, {reference}")).await
}
