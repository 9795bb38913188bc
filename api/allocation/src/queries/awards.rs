use crate::allocations::AllocatedProject;
use crate::awards::CallAward;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::{Money, Ratio};
use concilia_network::OrganisationName;
use concilia_planning::{Points, ProjectState};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{
    Array, BigInt, Date, Integer, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use uuid::Uuid;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Integer)]
    position: i32,
    #[diesel(sql_type = SqlUuid)]
    project_id: Uuid,
    #[diesel(sql_type = Text)]
    reference: String,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = SqlUuid)]
    lead_organisation_id: Uuid,
    #[diesel(sql_type = Text)]
    lead_name: String,
    #[diesel(sql_type = Numeric)]
    score: Points,
    #[diesel(sql_type = Nullable<SmallInt>)]
    band: Option<i16>,
    #[diesel(sql_type = Nullable<Numeric>)]
    percentage: Option<Ratio>,
    #[diesel(sql_type = Numeric)]
    requested: Money,
    #[diesel(sql_type = Numeric)]
    assigned: Money,
    #[diesel(sql_type = Text)]
    act: String,
    #[diesel(sql_type = Date)]
    act_date: NaiveDate,
    #[diesel(sql_type = Text)]
    project_state: ProjectState,
}

impl From<Row> for CallAward {
    fn from(row: Row) -> Self {
        Self {
            position: row.position,
            project: AllocatedProject { id: row.project_id, reference: row.reference, title: row.title },
            lead: OrganisationName { id: row.lead_organisation_id, name: row.lead_name },
            score: row.score,
            band: row.band,
            percentage: row.percentage,
            requested_grant: row.requested,
            assigned_grant: row.assigned,
            act: row.act,
            act_date: row.act_date,
            project_state: row.project_state,
        }
    }
}

/// A page of a call's awards, by position. They are public.
pub async fn list<C>(
    connection: &mut C,
    project_call_id: Uuid,
    after: Option<i32>,
    limit: i64,
) -> QueryResult<Vec<CallAward>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let rows: Vec<Row> = cached(
        sql_query(
            "SELECT position, project_id, reference, title, lead_organisation_id, lead_name, score, band, percentage, \
               requested, assigned, act, act_date, project_state \
             FROM awards WHERE project_call_id = $1 AND position > $2 ORDER BY position LIMIT $3",
        )
        .bind::<SqlUuid, _>(project_call_id)
        .bind::<Integer, _>(after.unwrap_or(0))
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await?;
    Ok(rows.into_iter().map(CallAward::from).collect())
}

/// What a project was awarded, by the allocation in force.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Award {
    #[diesel(sql_type = SqlUuid)]
    pub project_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub project_call_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub allocation_id: Uuid,
    /// EUR asked of the agency.
    #[diesel(sql_type = Numeric)]
    pub requested: Money,
    /// EUR assigned; above zero.
    #[diesel(sql_type = Numeric)]
    pub assigned: Money,
    /// The act that approved the allocation.
    #[diesel(sql_type = Text)]
    pub act: String,
    #[diesel(sql_type = Date)]
    pub act_date: NaiveDate,
    #[diesel(sql_type = Timestamptz)]
    pub approved_at: DateTime<Utc>,
}

const AWARD: &str = "SELECT project_id, project_call_id, allocation_id, requested, assigned, act, act_date, approved_at \
    FROM awards WHERE territory_id = $1";

/// The awards of those projects that have one.
pub async fn of_projects<C>(connection: &mut C, territory_id: Uuid, projects: &[Uuid]) -> QueryResult<Vec<Award>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!("{AWARD} AND project_id = ANY ($2) ORDER BY project_id"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<Array<SqlUuid>, _>(projects),
    )
    .load(connection)
    .await
}

/// All the awards of a call, by position.
pub async fn of_call<C>(connection: &mut C, territory_id: Uuid, project_call_id: Uuid) -> QueryResult<Vec<Award>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!("{AWARD} AND project_call_id = $2 ORDER BY position"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(project_call_id),
    )
    .load(connection)
    .await
}
