//! What settlement asks of orders: to take those that families have accepted, and to mark them paid.

use concilia_kernel::db::cached;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Money, Problem};
use diesel::sql_types::{Array, BigInt, Nullable, Numeric, Text, Uuid as SqlUuid};
use diesel::{QueryResult, QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// An order as it goes on its provider's statement.
#[derive(Debug, Clone, QueryableByName)]
pub struct SettledOrder {
    #[diesel(sql_type = SqlUuid)]
    pub order_id: Uuid,
    /// Absent when no voucher covers it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub voucher_id: Option<Uuid>,
    #[diesel(sql_type = Numeric)]
    pub total: Money,
    /// Owed by the voucher's call; zero when no voucher covers it.
    #[diesel(sql_type = Numeric)]
    pub covered: Money,
    /// Paid by the family to the provider.
    #[diesel(sql_type = Numeric)]
    pub family_share: Money,
}

/// Moves a provider's accepted orders in a store to `invoiced`, the oldest first, at most `limit`. Two callers at
/// once never take the same order.
pub async fn take_accepted_orders(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    store_id: Uuid,
    provider_id: Uuid,
    limit: i64,
    agent: Agent,
) -> QueryResult<Vec<SettledOrder>> {
    cached(
        sql_query(TAKE)
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(store_id)
            .bind::<SqlUuid, _>(provider_id)
            .bind::<BigInt, _>(limit)
            .bind::<Nullable<SqlUuid>, _>(agent.id)
            .bind::<Text, _>(agent.role),
    )
    .load(connection)
    .await
}

const TAKE: &str = "\
WITH due AS MATERIALIZED (
  SELECT id FROM orders WHERE territory_id = $1 AND store_id = $2 AND provider_id = $3 AND state = 'accepted'
   ORDER BY id LIMIT $4 FOR NO KEY UPDATE
), taken AS (
  UPDATE orders o SET state = 'invoiced', version = version + 1, due_at = NULL FROM due WHERE o.id = due.id
  RETURNING o.id, o.voucher_id, o.total, o.covered, o.family_share
), recorded AS (
  INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, from_state, to_state, actor_id, actor_role)
  SELECT uuid_v7(), $1, 'order', id, 'accepted', 'invoiced', $5, $6 FROM taken
), told AS (
  INSERT INTO outbox (id, territory_id, event, aggregate_id, payload)
  SELECT uuid_v7(), $1, 'order.invoiced', id, jsonb_build_object('store_id', $2, 'provider_id', $3) FROM taken
)
SELECT id AS order_id, voucher_id, total, covered, family_share FROM taken ORDER BY id";

/// Moves invoiced orders to `paid`. Refuses with `conflict`, and pays none, when one of them is not invoiced.
pub async fn mark_paid(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    order_ids: &[Uuid],
    agent: Agent,
) -> Result<(), Problem> {
    let paid = cached(
        sql_query(MARK_PAID)
            .bind::<SqlUuid, _>(territory_id)
            .bind::<Array<SqlUuid>, _>(order_ids)
            .bind::<Nullable<SqlUuid>, _>(agent.id)
            .bind::<Text, _>(agent.role),
    )
    .execute(connection)
    .await?;
    if paid == order_ids.len() {
        return Ok(());
    }
    Err(Problem::new(concilia_kernel::Code::Conflict).explain(
        "Non tutti gli ordini del rendiconto sono fatturati.",
        "Not all the orders of the statement are invoiced.",
    ))
}

const MARK_PAID: &str = "\
WITH due AS MATERIALIZED (
  SELECT id FROM orders WHERE territory_id = $1 AND id = ANY ($2) AND state = 'invoiced' ORDER BY id FOR NO KEY UPDATE
), moved AS (
  UPDATE orders o SET state = 'paid', version = version + 1 FROM due WHERE o.id = due.id RETURNING o.id
), recorded AS (
  INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, from_state, to_state, actor_id, actor_role)
  SELECT uuid_v7(), $1, 'order', id, 'invoiced', 'paid', $3, $4 FROM moved
)
INSERT INTO outbox (id, territory_id, event, aggregate_id, payload)
SELECT uuid_v7(), $1, 'order.paid', id, '{}' FROM moved";
