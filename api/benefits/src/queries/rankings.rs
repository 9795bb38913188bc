use crate::rankings::Ranking;
use crate::rules::ranking::Totals;
use crate::visibility::Viewer;
use concilia_kernel::Money;
use concilia_kernel::db::cached;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Integer, Jsonb, Nullable, Numeric, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use uuid::Uuid;

const SELECT: &str = "SELECT r.id, r.territory_id, r.voucher_call_id, c.lead_organisation_id, r.number, r.state, \
    r.inputs_hash, r.computed_by, r.computed_at, r.approved_at, r.lines, r.awarded, r.wait_listed, r.excluded, \
    r.available, r.awarded_amount, r.version \
    FROM rankings r JOIN voucher_calls c ON c.id = r.voucher_call_id";

/// Public once final; before that, and if superseded, to the officers of its territory and of its lead.
const VISIBLE: &str = "(r.state = 'final' OR (r.territory_id = $1 AND ($2 OR c.lead_organisation_id = ANY($3))))";

/// The ranking, if `viewer` may see it.
pub async fn find<C>(connection: &mut C, viewer: &Viewer, id: Uuid) -> QueryResult<Option<Ranking>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!("{SELECT} WHERE {VISIBLE} AND r.id = $4"))
            .bind::<Nullable<SqlUuid>, _>(viewer.territory_id)
            .bind::<Bool, _>(viewer.is_ats)
            .bind::<Array<SqlUuid>, _>(&viewer.leads)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// A page of a call's rankings that `viewer` may see, last run first.
pub async fn list<C>(
    connection: &mut C,
    viewer: &Viewer,
    voucher_call_id: Uuid,
    after: Option<i32>,
    limit: i64,
) -> QueryResult<Vec<Ranking>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "{SELECT} WHERE {VISIBLE} AND r.voucher_call_id = $4 AND ($5 IS NULL OR r.number < $5) \
             ORDER BY r.number DESC LIMIT $6"
        ))
        .bind::<Nullable<SqlUuid>, _>(viewer.territory_id)
        .bind::<Bool, _>(viewer.is_ats)
        .bind::<Array<SqlUuid>, _>(&viewer.leads)
        .bind::<SqlUuid, _>(voucher_call_id)
        .bind::<Nullable<Integer>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

/// The ranking of the territory, held until the transaction ends. Hold its call first.
pub async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<Ranking>> {
    cached(
        sql_query(format!("{SELECT} WHERE r.territory_id = $1 AND r.id = $2 FOR UPDATE OF r"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// The last run of a call.
pub async fn last<C>(connection: &mut C, territory_id: Uuid, voucher_call_id: Uuid) -> QueryResult<Option<Ranking>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "{SELECT} WHERE r.territory_id = $1 AND r.voucher_call_id = $2 ORDER BY r.number DESC LIMIT 1"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(voucher_call_id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// A run to store.
pub struct NewRanking<'a> {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub voucher_call_id: Uuid,
    pub number: i32,
    pub inputs_hash: &'a [u8],
    pub rules: Value,
    pub totals: Totals,
    pub available: Money,
    pub computed_by: Option<Uuid>,
}

pub async fn insert(connection: &mut AsyncPgConnection, new: &NewRanking<'_>) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO rankings (id, territory_id, voucher_call_id, number, state, inputs_hash, rules, lines, awarded, \
               wait_listed, excluded, available, awarded_amount, computed_by) \
             VALUES ($1, $2, $3, $4, 'computed', $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        )
        .bind::<SqlUuid, _>(new.id)
        .bind::<SqlUuid, _>(new.territory_id)
        .bind::<SqlUuid, _>(new.voucher_call_id)
        .bind::<Integer, _>(new.number)
        .bind::<Binary, _>(new.inputs_hash)
        .bind::<Jsonb, _>(&new.rules)
        .bind::<Integer, _>(new.totals.lines)
        .bind::<Integer, _>(new.totals.awarded)
        .bind::<Integer, _>(new.totals.wait_listed)
        .bind::<Integer, _>(new.totals.excluded)
        .bind::<Numeric, _>(new.available)
        .bind::<Numeric, _>(new.totals.awarded_amount)
        .bind::<Nullable<SqlUuid>, _>(new.computed_by),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks a run, held through its call, as replaced.
pub async fn supersede(connection: &mut AsyncPgConnection, territory_id: Uuid, id: Uuid) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE rankings SET state = 'superseded', version = version + 1 WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes a held run final.
pub async fn approve(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    approved_by: Option<Uuid>,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE rankings SET state = 'final', approved_by = $3, approved_at = now(), version = version + 1 \
             WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Nullable<SqlUuid>, _>(approved_by),
    )
    .execute(connection)
    .await?;
    Ok(())
}
