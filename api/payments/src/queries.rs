use crate::provider_statement::{MOVES, ProviderStatement, ProviderStatementState};
use crate::schema::{provider_statement_lines, provider_statements};
use concilia_catalogue::StoreSummary;
use concilia_kernel::db::cached;
use concilia_kernel::transition::{self, Agent};
use concilia_kernel::{Actor, Money, new_id, now, outbox};
use concilia_marketplace::settlement::SettledOrder;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Nullable, Numeric, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::json;
use uuid::Uuid;

/// Most orders of one statement; what is left goes on the next.
pub(crate) const MOST_ORDERS: i64 = 500;

pub(crate) async fn insert(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    store: &StoreSummary,
    provider_id: Uuid,
    orders: &[SettledOrder],
) -> QueryResult<ProviderStatement> {
    let covered: Money = orders.iter().map(|order| order.covered).sum();
    let family_share: Money = orders.iter().map(|order| order.family_share).sum();
    let statement = diesel::insert_into(provider_statements::table)
        .values((
            provider_statements::id.eq(new_id()),
            provider_statements::territory_id.eq(actor.territory_id),
            provider_statements::store_id.eq(store.id),
            provider_statements::lead_organisation_id.eq(store.lead_organisation_id),
            provider_statements::provider_id.eq(provider_id),
            provider_statements::state.eq(ProviderStatementState::Submitted),
            provider_statements::orders.eq(i32::try_from(orders.len()).unwrap_or(i32::MAX)),
            provider_statements::covered.eq(covered),
            provider_statements::family_share.eq(family_share),
            provider_statements::created_by.eq(actor.id),
            provider_statements::created_at.eq(now()),
        ))
        .returning(ProviderStatement::as_returning())
        .get_result(conn)
        .await?;
    insert_lines(conn, actor.territory_id, statement.id, orders).await?;
    Ok(statement)
}

async fn insert_lines(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    statement_id: Uuid,
    orders: &[SettledOrder],
) -> QueryResult<()> {
    let ids: Vec<Uuid> = orders.iter().map(|order| order.order_id).collect();
    let vouchers: Vec<Option<Uuid>> = orders.iter().map(|order| order.voucher_id).collect();
    let totals: Vec<Money> = orders.iter().map(|order| order.total).collect();
    let covered: Vec<Money> = orders.iter().map(|order| order.covered).collect();
    let shares: Vec<Money> = orders.iter().map(|order| order.family_share).collect();
    cached(
        sql_query(
            "INSERT INTO provider_statement_lines (territory_id, provider_statement_id, order_id, voucher_id, total, \
             covered, family_share) SELECT $1, $2, * FROM unnest($3, $4, $5, $6, $7)",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(statement_id)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Nullable<SqlUuid>>, _>(vouchers)
        .bind::<Array<Numeric>, _>(totals)
        .bind::<Array<Numeric>, _>(covered)
        .bind::<Array<Numeric>, _>(shares),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A statement of the territory, locked for a decision.
pub(crate) async fn lock(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<ProviderStatement> {
    provider_statements::table
        .filter(provider_statements::territory_id.eq(territory_id))
        .filter(provider_statements::id.eq(id))
        .select(ProviderStatement::as_select())
        .for_no_key_update()
        .get_result(conn)
        .await
}

/// The orders of a statement with the amount and the voucher of each.
pub(crate) async fn lines(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    statement_id: Uuid,
) -> QueryResult<Vec<(Uuid, Option<Uuid>, Money)>> {
    provider_statement_lines::table
        .filter(provider_statement_lines::territory_id.eq(territory_id))
        .filter(provider_statement_lines::provider_statement_id.eq(statement_id))
        .select((
            provider_statement_lines::order_id,
            provider_statement_lines::voucher_id,
            provider_statement_lines::covered,
        ))
        .load(conn)
        .await
}

/// Writes a move of a statement into the history and the outbox.
pub(crate) async fn announce(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    statement: &ProviderStatement,
    from: Option<ProviderStatementState>,
    agent: Agent,
) -> QueryResult<()> {
    let moved = (from.map(ProviderStatementState::as_str), statement.state.as_str());
    transition::record(conn, territory_id, (MOVES.aggregate, statement.id), moved, agent, None).await?;
    let event = format!("{}.{}", MOVES.aggregate, statement.state);
    let payload = json!({ "store_id": statement.store_id, "provider_id": statement.provider_id });
    outbox::publish(conn, territory_id, &event, statement.id, payload).await
}
