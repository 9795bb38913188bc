use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::db::cached;
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Money, Problem, Role};
use diesel::sql_types::{Array, BigInt, Bool, Numeric, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The money of a call. It balances: `funded` = `budget` + `awarded` - `returned`, and
/// `awarded` - `returned` = `available` + `held` + `spent` + `paid`.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub struct CallStatement {
    #[diesel(sql_type = SqlUuid)]
    pub voucher_call_id: Uuid,
    /// Outside money received.
    #[diesel(sql_type = Numeric)]
    pub funded: Money,
    /// May still be awarded.
    #[diesel(sql_type = Numeric)]
    pub budget: Money,
    /// Vouchers awarded.
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub vouchers: i64,
    /// Value of the vouchers awarded.
    #[diesel(sql_type = Numeric)]
    pub awarded: Money,
    /// Gone back from vouchers to the budget.
    #[diesel(sql_type = Numeric)]
    pub returned: Money,
    /// Families may still order with it.
    #[diesel(sql_type = Numeric)]
    pub available: Money,
    /// Reserved by orders in course.
    #[diesel(sql_type = Numeric)]
    pub held: Money,
    /// Owed to providers.
    #[diesel(sql_type = Numeric)]
    pub spent: Money,
    /// Paid to providers.
    #[diesel(sql_type = Numeric)]
    pub paid: Money,
}

/// Read a call's statement
///
/// Sums over the ledger of a voucher call, for the agency and for the officers of the organisation that leads the
/// call. A call has a statement once it is funded, which is when it opens.
#[utoipa::path(
    tag = "benefits",
    params(("voucher_call_id" = Uuid, Path, description = "The voucher call.")),
    responses((status = 200, description = "The sums.", body = CallStatement)),
)]
#[get("/v1/voucher-calls/{voucher_call_id}/statement")]
pub async fn get_call_statement(
    actor: Actor,
    db: Data<Db>,
    voucher_call_id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let statement: CallStatement = cached(
        sql_query(STATEMENT)
            .bind::<SqlUuid, _>(actor.territory_id)
            .bind::<SqlUuid, _>(*voucher_call_id)
            .bind::<Bool, _>(actor.has(Role::Ats))
            .bind::<Array<SqlUuid>, _>(actor.organisations(Role::AllianceLead)),
    )
    .get_result(&mut &**reader)
    .await?;
    Ok(HttpResponse::Ok().json(statement))
}

const STATEMENT: &str = "\
SELECT c.voucher_call_id, -c.funding AS funded, c.budget, e.vouchers, e.awarded, e.returned,
       v.available, v.held, v.spent, v.paid
  FROM call_balances c
 CROSS JOIN LATERAL (
   SELECT count(*) FILTER (WHERE kind = 'award') AS vouchers,
          coalesce(sum(amount) FILTER (WHERE kind = 'award'), 0) AS awarded,
          coalesce(sum(amount) FILTER (WHERE kind = 'return'), 0) AS returned
     FROM ledger_entries WHERE voucher_call_id = c.voucher_call_id AND kind IN ('fund', 'award', 'return')) e
 CROSS JOIN LATERAL (
   SELECT coalesce(sum(available), 0) AS available, coalesce(sum(held), 0) AS held,
          coalesce(sum(spent), 0) AS spent, coalesce(sum(paid), 0) AS paid
     FROM voucher_balances WHERE territory_id = c.territory_id AND voucher_call_id = c.voucher_call_id) v
 WHERE c.territory_id = $1 AND c.voucher_call_id = $2 AND ($3 OR c.lead_organisation_id = ANY ($4))";
