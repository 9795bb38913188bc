use concilia_kernel::db::cached;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Money, Problem};
use diesel::sql_query;
use diesel::sql_types::{Array, Nullable, Numeric, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A move of a voucher's money for one order.
#[derive(Debug, Clone, Copy)]
pub struct OrderMove<'a> {
    pub territory_id: Uuid,
    pub voucher_id: Uuid,
    pub order_id: Uuid,
    /// More than zero.
    pub amount: Money,
    pub agent: Agent,
    /// Why, 1 to 1,000 characters.
    pub reason: &'a str,
}

/// Reserves what is available for an order. Refuses with `insufficient_balance`.
pub async fn hold(connection: &mut AsyncPgConnection, order: OrderMove<'_>) -> Result<(), Problem> {
    call(connection, "SELECT ledger_hold($1, $2, $3, $4, $5, $6, $7)", order).await
}

/// Frees what an order holds; from a voucher that has ended it goes on to the call.
/// Refuses with `insufficient_balance` more than the order holds.
pub async fn release(connection: &mut AsyncPgConnection, order: OrderMove<'_>) -> Result<(), Problem> {
    call(connection, "SELECT ledger_release($1, $2, $3, $4, $5, $6, $7)", order).await
}

/// Owes the provider what an order holds. Refuses with `insufficient_balance` more than the order holds.
pub async fn spend(connection: &mut AsyncPgConnection, order: OrderMove<'_>) -> Result<(), Problem> {
    call(connection, "SELECT ledger_spend($1, $2, $3, $4, $5, $6, $7)", order).await
}

async fn call(connection: &mut AsyncPgConnection, function: &str, order: OrderMove<'_>) -> Result<(), Problem> {
    cached(
        sql_query(function)
            .bind::<SqlUuid, _>(order.territory_id)
            .bind::<SqlUuid, _>(order.voucher_id)
            .bind::<SqlUuid, _>(order.order_id)
            .bind::<Numeric, _>(order.amount)
            .bind::<Nullable<SqlUuid>, _>(order.agent.id)
            .bind::<Text, _>(order.agent.role)
            .bind::<Text, _>(order.reason),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What a provider was paid for one order.
#[derive(Debug, Clone, Copy)]
pub struct Payment {
    pub voucher_id: Uuid,
    pub order_id: Uuid,
    /// More than zero.
    pub amount: Money,
}

/// Records that what orders owe was paid, hundreds in one statement.
/// Refuses all with `insufficient_balance` when one of them does not owe as much.
pub async fn pay(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    payments: &[Payment],
    agent: Agent,
    reason: &str,
) -> Result<(), Problem> {
    let vouchers: Vec<Uuid> = payments.iter().map(|payment| payment.voucher_id).collect();
    let orders: Vec<Uuid> = payments.iter().map(|payment| payment.order_id).collect();
    let amounts: Vec<Money> = payments.iter().map(|payment| payment.amount).collect();
    super::voucher_end::lock_balances(connection, territory_id, &vouchers).await?;
    let written = cached(
        sql_query(
            "INSERT INTO ledger_entries (territory_id, voucher_call_id, voucher_id, order_id, kind, credit_account, \
             debit_account, amount, actor_id, actor_role, reason) \
             SELECT $1, b.voucher_call_id, b.voucher_id, p.order_id, 'pay', 'spent', 'paid', p.amount, $5, $6, $7 \
             FROM unnest($2, $3, $4) AS p (voucher_id, order_id, amount) \
             JOIN voucher_balances b ON b.voucher_id = p.voucher_id AND b.territory_id = $1",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Array<SqlUuid>, _>(&vouchers)
        .bind::<Array<SqlUuid>, _>(&orders)
        .bind::<Array<Numeric>, _>(&amounts)
        .bind::<Nullable<SqlUuid>, _>(agent.id)
        .bind::<Text, _>(agent.role)
        .bind::<Text, _>(reason),
    )
    .execute(connection)
    .await?;
    if written == payments.len() { Ok(()) } else { Err(Problem::not_found()) }
}
