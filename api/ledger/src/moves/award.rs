use chrono::NaiveDate;
use concilia_kernel::db::cached;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Money, Problem, new_id};
use diesel::sql_query;
use diesel::sql_types::{Array, Date, Nullable, Numeric, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// What the vouchers of one award have in common.
#[derive(Debug, Clone)]
pub struct AwardTerms {
    pub territory_id: Uuid,
    pub voucher_call_id: Uuid,
    pub ranking_id: Uuid,
    pub lead_organisation_id: Uuid,
    /// The project whose store takes the vouchers.
    pub project_id: Uuid,
    /// Codes of the service categories they may be spent on; `None`: all of the project's store.
    pub spendable_categories: Option<Vec<String>>,
    /// Last day of use.
    pub spend_by: NaiveDate,
}

/// A voucher to award to one line of an application.
#[derive(Debug, Clone, Copy)]
pub struct NewVoucher {
    pub application_line_id: Uuid,
    pub worker_id: Uuid,
    pub household_member_id: Uuid,
    pub value: Money,
}

/// Awards vouchers out of a call's budget, hundreds in one statement, and tells their ids in the order given.
/// Refuses all of them with `insufficient_balance` when the budget does not cover them.
pub async fn award(
    connection: &mut AsyncPgConnection,
    terms: &AwardTerms,
    vouchers: &[NewVoucher],
    agent: Agent,
    reason: &str,
) -> Result<Vec<Uuid>, Problem> {
    let ids: Vec<Uuid> = vouchers.iter().map(|_| new_id()).collect();
    cached(
        sql_query(AWARD)
            .bind::<SqlUuid, _>(terms.territory_id)
            .bind::<SqlUuid, _>(terms.voucher_call_id)
            .bind::<SqlUuid, _>(terms.ranking_id)
            .bind::<SqlUuid, _>(terms.lead_organisation_id)
            .bind::<SqlUuid, _>(terms.project_id)
            .bind::<Nullable<Array<Text>>, _>(terms.spendable_categories.as_ref())
            .bind::<Date, _>(terms.spend_by)
            .bind::<Array<SqlUuid>, _>(&ids)
            .bind::<Array<SqlUuid>, _>(column(vouchers, |voucher| voucher.application_line_id))
            .bind::<Array<SqlUuid>, _>(column(vouchers, |voucher| voucher.worker_id))
            .bind::<Array<SqlUuid>, _>(column(vouchers, |voucher| voucher.household_member_id))
            .bind::<Array<Numeric>, _>(column(vouchers, |voucher| voucher.value))
            .bind::<Nullable<SqlUuid>, _>(agent.id)
            .bind::<Text, _>(agent.role)
            .bind::<Text, _>(reason),
    )
    .execute(connection)
    .await?;
    Ok(ids)
}

fn column<T>(vouchers: &[NewVoucher], field: impl Fn(&NewVoucher) -> T) -> Vec<T> {
    vouchers.iter().map(field).collect()
}

const AWARD: &str = "\
WITH given AS MATERIALIZED (
  SELECT * FROM unnest($8, $9, $10, $11, $12) AS given (id, application_line_id, worker_id, household_member_id, value)
), made AS (
  INSERT INTO vouchers (id, territory_id, voucher_call_id, ranking_id, application_line_id, worker_id,
    household_member_id, lead_organisation_id, project_id, spendable_categories, state, value, spend_by)
  SELECT id, $1, $2, $3, application_line_id, worker_id, household_member_id, $4, $5, $6, 'active', value, $7 FROM given
), accounts AS (
  INSERT INTO voucher_balances (voucher_id, territory_id, voucher_call_id) SELECT id, $1, $2 FROM given
), recorded AS (
  INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, to_state, actor_id, actor_role, reason)
  SELECT uuid_v7(), $1, 'voucher', id, 'active', $13, $14, $15 FROM given
), told AS (
  INSERT INTO outbox (id, territory_id, event, aggregate_id, payload)
  SELECT uuid_v7(), $1, 'voucher.awarded', id, jsonb_build_object('voucher_call_id', $2) FROM given
)
INSERT INTO ledger_entries (territory_id, voucher_call_id, voucher_id, kind, credit_account, debit_account, amount,
  actor_id, actor_role, reason)
SELECT $1, $2, id, 'award', 'budget', 'available', value, $13, $14, $15 FROM given";
