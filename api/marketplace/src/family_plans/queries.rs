use super::family_plan::{FamilyPlan, FamilyPlanState, FamilyPlanSummary, Header};
use super::input::CheckedItem;
use super::line::{PlanLine, composed};
use crate::schema::{family_plan_items, family_plans};
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Code, FieldError, Money, Problem, now};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{
    Array, BigInt, Integer, Jsonb, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

#[derive(QueryableByName)]
struct LineRow {
    #[diesel(sql_type = SqlUuid)]
    store_id: Uuid,
    #[diesel(sql_type = Text)]
    state: FamilyPlanState,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    submitted_at: Option<DateTime<Utc>>,
    #[diesel(embed)]
    line: PlanLine,
}

const PLAN: &str = "\
SELECT p.store_id, p.state, p.version, p.created_at, p.submitted_at, l.line, l.provider_id, l.service_id, l.service_session_id, \
       l.household_member_id, l.voucher_id, l.quantity, l.note_sealed, l.unit_price, l.covered, l.available, l.order_id, l.warnings \
  FROM family_plans p JOIN family_plan_lines l ON l.family_plan_id = p.id \
 WHERE p.id = $1 AND p.territory_id = $2 AND p.worker_id = $3 ORDER BY l.line";

/// A plan of the worker, quoted anew if it is a draft; 404 when there is none.
pub(super) async fn find_plan<C>(
    conn: &mut C,
    vault: &Vault,
    territory_id: Uuid,
    worker_id: Uuid,
    id: Uuid,
) -> Result<FamilyPlan, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let query =
        sql_query(PLAN).bind::<SqlUuid, _>(id).bind::<SqlUuid, _>(territory_id).bind::<SqlUuid, _>(worker_id);
    let rows: Vec<LineRow> = cached(query).load(conn).await?;
    let [first, ..] = rows.as_slice() else { return Err(Problem::not_found()) };
    let header = Header {
        id,
        store_id: first.store_id,
        state: first.state,
        version: first.version,
        created_at: first.created_at,
        submitted_at: first.submitted_at,
    };
    composed(vault, &header, rows.into_iter().map(|row| row.line).collect())
}

/// The worker's plans, newest first, from before one of them.
pub(super) async fn list_plans<C>(
    conn: &mut C,
    territory_id: Uuid,
    worker_id: Uuid,
    before: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<FamilyPlanSummary>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    type Row = (Uuid, Uuid, FamilyPlanState, DateTime<Utc>, Option<DateTime<Utc>>, i32);
    let rows: Vec<Row> = cached(
        family_plans::table
            .filter(family_plans::territory_id.eq(territory_id))
            .filter(family_plans::worker_id.eq(worker_id))
            .filter(family_plans::id.lt(before.unwrap_or(Uuid::max())))
            .order(family_plans::id.desc())
            .limit(limit)
            .select((
                family_plans::id,
                family_plans::store_id,
                family_plans::state,
                family_plans::created_at,
                family_plans::submitted_at,
                sql::<Integer>(
                    "(SELECT count(*)::integer FROM family_plan_items i WHERE i.family_plan_id = family_plans.id)",
                ),
            )),
    )
    .load(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(id, store_id, state, created_at, submitted_at, item_count)| FamilyPlanSummary {
            id,
            store_id,
            state,
            created_at,
            submitted_at,
            item_count,
        })
        .collect())
}

pub(super) async fn insert_plan(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    worker_id: Uuid,
    store_id: Uuid,
    id: Uuid,
) -> QueryResult<()> {
    diesel::insert_into(family_plans::table)
        .values((
            family_plans::id.eq(id),
            family_plans::territory_id.eq(territory_id),
            family_plans::worker_id.eq(worker_id),
            family_plans::store_id.eq(store_id),
            family_plans::state.eq(FamilyPlanState::Draft),
            family_plans::created_at.eq(now()),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// A plan as its writer needs it.
#[derive(Debug, Queryable)]
pub(super) struct LockedPlan {
    pub store_id: Uuid,
    pub state: FamilyPlanState,
    pub version: i64,
}

impl LockedPlan {
    /// 409 once the plan has become orders.
    pub(super) fn must_be_draft(&self) -> Result<(), Problem> {
        if self.state == FamilyPlanState::Draft { Ok(()) } else { Err(already_submitted()) }
    }
}

pub(super) fn already_submitted() -> Problem {
    Problem::new(Code::TransitionNotAllowed)
        .explain(
            "Il piano è già stato inviato: non cambia più.",
            "The plan has been submitted: it changes no more.",
        )
        .with_error(
            FieldError::pointer("/state", "transition_not_allowed").value(FamilyPlanState::Submitted.as_str()),
        )
}

/// Locks a plan of the worker for the rest of the transaction.
pub(super) async fn lock_plan(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    worker_id: Uuid,
    id: Uuid,
) -> QueryResult<LockedPlan> {
    family_plans::table
        .filter(family_plans::territory_id.eq(territory_id))
        .filter(family_plans::worker_id.eq(worker_id))
        .filter(family_plans::id.eq(id))
        .select((family_plans::store_id, family_plans::state, family_plans::version))
        .for_no_key_update()
        .get_result(conn)
        .await
}

#[derive(QueryableByName)]
struct Unknown {
    #[diesel(sql_type = Array<SmallInt>)]
    lines: Vec<i16>,
}

/// A draft that was just written, as it is shown to its family: the preview that the submission keeps to is this one, not
/// the one of an instant before.
pub(super) async fn show_draft(
    conn: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    worker_id: Uuid,
    id: Uuid,
) -> Result<FamilyPlan, Problem> {
    let plan = find_plan(conn, vault, territory_id, worker_id, id).await?;
    let (lines, shown): (Vec<i16>, Vec<_>) =
        plan.items.iter().map(|item| (item.line, (item.unit_price, item.covered))).unzip();
    let (prices, covered): (Vec<Money>, Vec<Money>) = shown.into_iter().unzip();
    let remember = sql_query(
        "UPDATE family_plan_items i SET previewed_price = s.price, previewed_covered = s.covered \
         FROM unnest($2::smallint[], $3::numeric[], $4::numeric[]) s (line, price, covered) WHERE i.family_plan_id = $1 AND i.line = s.line \
           AND (i.previewed_price, i.previewed_covered) IS DISTINCT FROM (s.price, s.covered)",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Array<SmallInt>, _>(lines)
    .bind::<Array<Numeric>, _>(prices)
    .bind::<Array<Numeric>, _>(covered);
    cached(remember).execute(conn).await?;
    Ok(plan)
}

/// Replaces a draft's items and remembers the preview; 422 naming each voucher that is not the family's.
pub(super) async fn write_items(
    conn: &mut AsyncPgConnection,
    id: Uuid,
    items: &[CheckedItem],
) -> Result<(), Problem> {
    let items = serde_json::to_value(items).map_err(Problem::internal)?;
    let query = sql_query("SELECT write_family_plan_items($1, $2) AS lines");
    let unknown: Unknown = cached(query.bind::<SqlUuid, _>(id).bind::<Jsonb, _>(items)).get_result(conn).await?;
    if unknown.lines.is_empty() {
        return Ok(());
    }
    let faults = unknown
        .lines
        .iter()
        .map(|line| FieldError::pointer(format!("/items/{}/voucher_id", line - 1), "not_found"));
    Err(Problem::new(Code::ValidationFailed).with_errors(faults))
}

pub(super) async fn raise_version(conn: &mut AsyncPgConnection, id: Uuid) -> QueryResult<()> {
    cached(diesel::update(family_plans::table.find(id)).set(family_plans::version.eq(family_plans::version + 1)))
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn delete_plan(conn: &mut AsyncPgConnection, id: Uuid) -> QueryResult<()> {
    diesel::delete(family_plan_items::table.filter(family_plan_items::family_plan_id.eq(id)))
        .execute(conn)
        .await?;
    diesel::delete(family_plans::table.find(id)).execute(conn).await?;
    Ok(())
}
