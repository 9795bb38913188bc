use crate::schema::call_balances;
use concilia_kernel::db::cached;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Money, Problem};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Nullable, Numeric, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// The account of a voucher call.
#[derive(Debug, Clone, Copy)]
pub struct CallAccount {
    pub territory_id: Uuid,
    pub voucher_call_id: Uuid,
    /// Whose money it is: who may read the call's statement.
    pub lead_organisation_id: Uuid,
}

/// Puts outside money into a call's budget, opening its account the first time.
pub async fn fund_call(
    connection: &mut AsyncPgConnection,
    account: CallAccount,
    amount: Money,
    agent: Agent,
    reason: &str,
) -> Result<(), Problem> {
    cached(
        sql_query(
            "WITH account AS (INSERT INTO call_balances (territory_id, voucher_call_id, lead_organisation_id) \
             VALUES ($1, $2, $3) ON CONFLICT DO NOTHING) \
             INSERT INTO ledger_entries (territory_id, voucher_call_id, kind, credit_account, debit_account, amount, \
             actor_id, actor_role, reason) VALUES ($1, $2, 'fund', 'funding', 'budget', $4, $5, $6, $7)",
        )
        .bind::<SqlUuid, _>(account.territory_id)
        .bind::<SqlUuid, _>(account.voucher_call_id)
        .bind::<SqlUuid, _>(account.lead_organisation_id)
        .bind::<Numeric, _>(amount)
        .bind::<Nullable<SqlUuid>, _>(agent.id)
        .bind::<Text, _>(agent.role)
        .bind::<Text, _>(reason),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What a call may still award. Zero before it is funded.
pub async fn call_budget(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    voucher_call_id: Uuid,
) -> Result<Money, Problem> {
    let budget = call_balances::table
        .filter(call_balances::territory_id.eq(territory_id))
        .filter(call_balances::voucher_call_id.eq(voucher_call_id))
        .select(call_balances::budget)
        .first::<Money>(connection)
        .await
        .optional()?;
    Ok(budget.unwrap_or(Money::ZERO))
}
