use crate::schema::indicator_freezes as freezes;
use chrono::{DateTime, Utc};
use concilia_kernel::{new_id, now};
use concilia_network::Half;
use concilia_planning::Plan;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Date, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The figures of a plan, frozen for a half-year.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = freezes)]
#[schema(example = json!({"id": "0193a5d0-7777-7000-8000-000000000001", "plan_id": "0193a5d0-4444-7000-8000-000000000003",
                          "half": "2026-H1", "taken_at": "2026-07-15T09:00:00Z"}))]
pub struct IndicatorFreeze {
    /// Identifier.
    pub id: Uuid,
    /// The plan.
    pub plan_id: Uuid,
    /// The half-year up to whose end was counted.
    pub half: Half,
    /// When it was counted.
    pub taken_at: DateTime<Utc>,
}

/// The figures frozen for a half-year.
pub(crate) async fn find_freeze<C>(
    conn: &mut C,
    territory_id: Uuid,
    plan_id: Uuid,
    half: Half,
) -> QueryResult<Option<IndicatorFreeze>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    freezes::table
        .filter(freezes::territory_id.eq(territory_id))
        .filter(freezes::plan_id.eq(plan_id))
        .filter(freezes::half.eq(half))
        .select(IndicatorFreeze::as_select())
        .get_result(conn)
        .await
        .optional()
}

/// The figures frozen last.
pub(crate) async fn newest_freeze<C>(
    conn: &mut C,
    territory_id: Uuid,
    plan_id: Uuid,
) -> QueryResult<Option<IndicatorFreeze>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    Ok(list_freezes(conn, territory_id, plan_id, None, 0).await?.pop())
}

/// One more than `limit`, if there are, newest half first, before a half.
pub(crate) async fn list_freezes<C>(
    conn: &mut C,
    territory_id: Uuid,
    plan_id: Uuid,
    before: Option<Half>,
    limit: i64,
) -> QueryResult<Vec<IndicatorFreeze>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let mut query = freezes::table
        .filter(freezes::territory_id.eq(territory_id))
        .filter(freezes::plan_id.eq(plan_id))
        .order(freezes::half.desc())
        .limit(limit + 1)
        .select(IndicatorFreeze::as_select())
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(freezes::half.lt(before));
    }
    query.load(conn).await
}

/// Freezes the figures of a plan up to the end of a half-year, with every record behind them. A half that is frozen
/// already is a unique violation, hence 409.
pub(crate) async fn insert_freeze(
    conn: &mut AsyncPgConnection,
    plan: &Plan,
    half: Half,
    by: Option<Uuid>,
) -> QueryResult<IndicatorFreeze> {
    let freeze: IndicatorFreeze = diesel::insert_into(freezes::table)
        .values((
            freezes::id.eq(new_id()),
            freezes::territory_id.eq(plan.territory_id),
            freezes::plan_id.eq(plan.id),
            freezes::half.eq(half),
            freezes::taken_at.eq(now()),
            freezes::taken_by.eq(by),
        ))
        .returning(IndicatorFreeze::as_returning())
        .get_result(conn)
        .await?;
    sql_query(
        "INSERT INTO indicator_freeze_records (territory_id, freeze_id, number, indicator, project_id, project_reference, \
           project_title, dimension, dimension_title, side, record_kind, record_id, label, amount) \
         SELECT $1, $4, row_number() OVER (ORDER BY r.indicator, r.project_reference, r.dimension, r.side, r.record_kind, \
           r.record_id), r.indicator, r.project_id, r.project_reference, r.project_title, r.dimension, r.dimension_title, \
           r.side, r.record_kind, r.record_id, r.label, r.amount \
         FROM live_indicator_records($1, $2, $3) r",
    )
    .bind::<SqlUuid, _>(plan.territory_id)
    .bind::<SqlUuid, _>(plan.id)
    .bind::<Date, _>(half.last_day())
    .bind::<SqlUuid, _>(freeze.id)
    .execute(conn)
    .await?;
    Ok(freeze)
}
