//! Lists of orders, each in one statement that also decides who may see.

use super::list_orders::ListOrders;
use super::order::OrderSummary;
use crate::rules::OrderState;
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::{Actor, Money, Role};
use diesel::pg::Pg;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryResult, QueryableByName, sql_query};
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use uuid::Uuid;

#[derive(QueryableByName)]
struct SummaryRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    store_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    family_plan_id: Uuid,
    #[diesel(sql_type = SmallInt)]
    line: i16,
    #[diesel(sql_type = SqlUuid)]
    provider_id: Uuid,
    #[diesel(sql_type = Text)]
    provider_name: String,
    #[diesel(sql_type = SqlUuid)]
    service_id: Uuid,
    #[diesel(sql_type = Text)]
    service_title_it: String,
    #[diesel(sql_type = Text)]
    service_title_en: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    starts_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Integer)]
    quantity: i32,
    #[diesel(sql_type = Numeric)]
    total: Money,
    #[diesel(sql_type = Numeric)]
    covered: Money,
    #[diesel(sql_type = Numeric)]
    family_share: Money,
    #[diesel(sql_type = Text)]
    state: OrderState,
    #[diesel(sql_type = Timestamptz)]
    placed_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    due_at: Option<DateTime<Utc>>,
}

/// Orders that the caller may see, newest first. Only the caller's own roles enter the statement, so that each kind of
/// caller reads through its own index.
pub(super) async fn list_orders<C>(
    conn: &mut C,
    actor: &Actor,
    filters: &ListOrders,
    before: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<OrderSummary>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let scopes = [
        (actor.has(Role::Ats), "o.territory_id = $1"),
        (actor.has(Role::Worker), "o.worker_id = (SELECT w.id FROM workers w WHERE w.account_id = $2)"),
        (actor.has(Role::Provider), "o.provider_id = ANY ($3)"),
        (
            actor.has(Role::AllianceLead),
            "o.store_id IN (SELECT s.id FROM stores s WHERE s.lead_organisation_id = ANY ($4))",
        ),
    ];
    let scopes: Vec<&str> = scopes.into_iter().filter_map(|(held, scope)| held.then_some(scope)).collect();
    if scopes.is_empty() {
        return Ok(vec![]);
    }
    let query = format!(
        "SELECT o.id, o.store_id, o.family_plan_id, o.line, o.provider_id, o.provider_name, o.service_id, o.service_title_it, \
                o.service_title_en, o.starts_at, o.quantity, o.total, o.covered, o.family_share, o.state::text AS state, o.placed_at, o.due_at \
           FROM orders o \
          WHERE o.territory_id = $1 AND ({}) AND o.id < $5 \
            AND ($2 IS NOT NULL AND $3 IS NOT NULL AND $4 IS NOT NULL) \
            AND ($6 IS NULL OR o.state = $6) AND ($7 IS NULL OR o.provider_id = $7) \
            AND ($8 IS NULL OR o.family_plan_id = $8) AND ($9 IS NULL OR o.store_id = $9) \
          ORDER BY o.id DESC LIMIT $10",
        scopes.join(" OR ")
    );
    let query = sql_query(query)
        .bind::<SqlUuid, _>(actor.territory_id)
        .bind::<SqlUuid, _>(actor.id)
        .bind::<Array<SqlUuid>, _>(actor.organisations(Role::Provider))
        .bind::<Array<SqlUuid>, _>(actor.organisations(Role::AllianceLead))
        .bind::<SqlUuid, _>(before.unwrap_or(Uuid::max()))
        .bind::<Nullable<Text>, _>(filters.state)
        .bind::<Nullable<SqlUuid>, _>(filters.provider_id)
        .bind::<Nullable<SqlUuid>, _>(filters.family_plan_id)
        .bind::<Nullable<SqlUuid>, _>(filters.store_id)
        .bind::<BigInt, _>(limit);
    let rows: Vec<SummaryRow> = cached(query).load(conn).await?;
    Ok(rows.into_iter().map(SummaryRow::into_summary).collect())
}

impl SummaryRow {
    fn into_summary(self) -> OrderSummary {
        OrderSummary {
            id: self.id,
            store_id: self.store_id,
            family_plan_id: self.family_plan_id,
            line: self.line,
            provider_id: self.provider_id,
            provider_name: self.provider_name,
            service_id: self.service_id,
            service_title_it: self.service_title_it,
            service_title_en: self.service_title_en,
            starts_at: self.starts_at,
            quantity: self.quantity,
            total: self.total,
            covered: self.covered,
            family_share: self.family_share,
            state: self.state,
            placed_at: self.placed_at,
            due_at: self.due_at,
        }
    }
}
