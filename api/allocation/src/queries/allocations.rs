use crate::allocations::Allocation;
use crate::rules::plan::Plan;
use crate::rules::states::AllocationState;
use crate::rules::terms::AllocationTerms;
use chrono::NaiveDate;
use concilia_kernel::db::cached;
use concilia_kernel::now;
use concilia_planning::Points;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{
    BigInt, Binary, Bool, Date, Integer, Jsonb, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use uuid::Uuid;

const COLUMNS: &str = "a.id, a.territory_id, a.project_call_id, a.number, a.state, a.terms, a.inputs_hash, \
    a.minimum_score, a.budget, a.requested, a.admissible, a.base_amount, a.assigned, a.residue, a.bands, a.projects, \
    a.funded, a.computed_by, a.computed_at, a.approved_at, a.act, a.act_date, a.version";

/// Runs that are or were in force are seen by all officers of the territory; the others by the agency.
const VISIBLE: &str = "a.territory_id = $1 AND ($2 OR a.state IN ('approved', 'superseded'))";

/// The run, if the caller may see it.
pub async fn find<C>(
    connection: &mut C,
    territory_id: Uuid,
    is_ats: bool,
    id: Uuid,
) -> QueryResult<Option<Allocation>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!("SELECT {COLUMNS} FROM allocations a WHERE {VISIBLE} AND a.id = $3"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<Bool, _>(is_ats)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// A page of a call's runs that the caller may see, last run first.
pub async fn list<C>(
    connection: &mut C,
    (territory_id, is_ats): (Uuid, bool),
    project_call_id: Uuid,
    after: Option<i32>,
    limit: i64,
) -> QueryResult<Vec<Allocation>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "SELECT {COLUMNS} FROM allocations a WHERE {VISIBLE} AND a.project_call_id = $3 \
             AND ($4 IS NULL OR a.number < $4) ORDER BY a.number DESC LIMIT $5"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Bool, _>(is_ats)
        .bind::<SqlUuid, _>(project_call_id)
        .bind::<Nullable<Integer>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

/// The approved run of a call, if there is one.
pub async fn in_force<C>(
    connection: &mut C,
    territory_id: Uuid,
    project_call_id: Uuid,
) -> QueryResult<Option<Allocation>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "SELECT {COLUMNS} FROM allocations a WHERE a.territory_id = $1 AND a.project_call_id = $2 \
             AND a.state = 'approved'"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_call_id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// The run of the territory, held until the transaction ends. Hold its call first.
pub async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<Allocation>> {
    cached(
        sql_query(format!(
            "SELECT {COLUMNS} FROM allocations a WHERE a.territory_id = $1 AND a.id = $2 FOR UPDATE"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// The runs of a held call that wait for approval or are in force, and the number of its last run.
pub struct Standing {
    pub computed: Option<Allocation>,
    pub approved: Option<Allocation>,
    pub last_number: i32,
}

pub async fn standing(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_call_id: Uuid,
) -> QueryResult<Standing> {
    let runs: Vec<Allocation> = cached(
        sql_query(format!(
            "SELECT {COLUMNS} FROM allocations a WHERE a.territory_id = $1 AND a.project_call_id = $2 \
             AND (a.state IN ('computed', 'approved') \
               OR a.number = (SELECT max(number) FROM allocations WHERE project_call_id = $2)) \
             FOR UPDATE"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_call_id),
    )
    .load(connection)
    .await?;
    let in_state = |state| runs.iter().find(|run| run.state == state).cloned();
    Ok(Standing {
        computed: in_state(AllocationState::Computed),
        approved: in_state(AllocationState::Approved),
        last_number: runs.iter().map(|run| run.number).max().unwrap_or(0),
    })
}

/// A run to store.
pub struct NewAllocation<'a> {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub project_call_id: Uuid,
    pub number: i32,
    pub terms: &'a AllocationTerms,
    pub inputs_hash: &'a [u8],
    pub minimum_score: Option<Points>,
    pub plan: &'a Plan,
    pub computed_by: Option<Uuid>,
}

pub async fn insert(connection: &mut AsyncPgConnection, new: &NewAllocation<'_>) -> QueryResult<()> {
    let json = |value: serde_json::Result<Value>| {
        value.map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))
    };
    let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    cached(
        sql_query(
            "INSERT INTO allocations (id, territory_id, project_call_id, number, state, method, terms, inputs_hash, \
               minimum_score, budget, requested, admissible, base_amount, assigned, residue, bands, projects, funded, \
               computed_by, computed_at) \
             VALUES ($1, $2, $3, $4, 'computed', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        )
        .bind::<SqlUuid, _>(new.id)
        .bind::<SqlUuid, _>(new.territory_id)
        .bind::<SqlUuid, _>(new.project_call_id)
        .bind::<Integer, _>(new.number)
        .bind::<Text, _>(new.terms.method())
        .bind::<Jsonb, _>(json(serde_json::to_value(new.terms))?)
        .bind::<Binary, _>(new.inputs_hash)
        .bind::<Nullable<Numeric>, _>(new.minimum_score)
        .bind::<Numeric, _>(new.plan.budget)
        .bind::<Numeric, _>(new.plan.requested)
        .bind::<Numeric, _>(new.plan.admissible)
        .bind::<Numeric, _>(new.plan.base_amount)
        .bind::<Numeric, _>(new.plan.assigned)
        .bind::<Numeric, _>(new.plan.residue)
        .bind::<Jsonb, _>(json(serde_json::to_value(&new.plan.bands))?)
        .bind::<Integer, _>(count(new.plan.rows.len()))
        .bind::<Integer, _>(count(new.plan.funded()))
        .bind::<Nullable<SqlUuid>, _>(new.computed_by)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Puts a held run in force.
pub async fn approve(
    connection: &mut AsyncPgConnection,
    run: &Allocation,
    approved_by: Option<Uuid>,
    (act, act_date): (&str, NaiveDate),
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE allocations SET state = 'approved', approved_by = $3, approved_at = $6, act = $4, act_date = $5, \
               version = version + 1 WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(run.territory_id)
        .bind::<SqlUuid, _>(run.id)
        .bind::<Nullable<SqlUuid>, _>(approved_by)
        .bind::<Text, _>(act)
        .bind::<Date, _>(act_date)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a held run.
pub async fn end(connection: &mut AsyncPgConnection, run: &Allocation, state: AllocationState) -> QueryResult<()> {
    cached(
        sql_query("UPDATE allocations SET state = $3, version = version + 1 WHERE territory_id = $1 AND id = $2")
            .bind::<SqlUuid, _>(run.territory_id)
            .bind::<SqlUuid, _>(run.id)
            .bind::<Text, _>(state),
    )
    .execute(connection)
    .await?;
    Ok(())
}
