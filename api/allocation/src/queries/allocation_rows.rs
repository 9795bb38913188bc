use crate::allocations::{AllocatedProject, AllocationRow};
use crate::rules::plan::{AllocationBasis, AllocationOutcome, PlanRow};
use crate::rules::portion::Portion;
use chrono::{DateTime, Utc};
use concilia_kernel::db::{Gathered, cached};
use concilia_kernel::{Money, Ratio};
use concilia_network::OrganisationName;
use concilia_planning::Points;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{
    Array, BigInt, Integer, Jsonb, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Rows of one statement.
const BATCH: usize = 2000;

/// What a row keeps of its project beside what it was computed from.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    pub lead_organisation_id: Uuid,
    pub submitted_at: DateTime<Utc>,
    pub total_cost: Money,
}

/// Stores the rows of a run, thousands in one statement.
pub async fn insert(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    allocation_id: Uuid,
    rows: &[(&PlanRow, Standing)],
) -> QueryResult<()> {
    let failed = |error: serde_json::Error| diesel::result::Error::SerializationError(Box::new(error));
    for batch in rows.chunks(BATCH) {
        let bases = batch.iter().map(|(row, _)| serde_json::to_value(&row.basis)).collect::<Result<Vec<_>, _>>();
        let portions =
            batch.iter().map(|(row, _)| row.residue_portion.as_ref().map(serde_json::to_value).transpose());
        let portions = portions.collect::<Result<Vec<_>, _>>();
        cached(
            sql_query(
                "INSERT INTO allocation_rows (territory_id, allocation_id, position, project_id, lead_organisation_id, \
                   reference, submitted_at, total_cost, score, requested, admissible, admissible_reason, band, \
                   percentage, base_amount, residue_share, assigned, outcome, basis, residue_portion) \
                 SELECT $1, $2, * FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
                   $19, $20)",
            )
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(allocation_id)
            .bind::<Array<Integer>, _>(column(batch, |row, _| row.position))
            .bind::<Array<SqlUuid>, _>(column(batch, |row, _| row.project_id))
            .bind::<Array<SqlUuid>, _>(column(batch, |_, standing| standing.lead_organisation_id))
            .bind::<Array<Text>, _>(column(batch, |row, _| row.reference.as_str()))
            .bind::<Array<Timestamptz>, _>(column(batch, |_, standing| standing.submitted_at))
            .bind::<Array<Numeric>, _>(column(batch, |_, standing| standing.total_cost))
            .bind::<Array<Numeric>, _>(column(batch, |row, _| row.score))
            .bind::<Array<Numeric>, _>(column(batch, |row, _| row.requested))
            .bind::<Array<Numeric>, _>(column(batch, |row, _| row.admissible))
            .bind::<Array<Nullable<Text>>, _>(column(batch, |row, _| row.admissible_reason.as_deref()))
            .bind::<Array<Nullable<SmallInt>>, _>(column(batch, |row, _| row.band))
            .bind::<Array<Nullable<Numeric>>, _>(column(batch, |row, _| row.percentage))
            .bind::<Array<Numeric>, _>(column(batch, |row, _| row.base_amount))
            .bind::<Array<Numeric>, _>(column(batch, |row, _| row.residue_share()))
            .bind::<Array<Numeric>, _>(column(batch, |row, _| row.assigned))
            .bind::<Array<Text>, _>(column(batch, |row, _| row.outcome))
            .bind::<Array<Jsonb>, _>(bases.map_err(failed)?)
            .bind::<Array<Nullable<Jsonb>>, _>(portions.map_err(failed)?),
        )
        .execute(connection)
        .await?;
    }
    Ok(())
}

fn column<'r, T>(batch: &[(&'r PlanRow, Standing)], field: impl Fn(&'r PlanRow, Standing) -> T) -> Vec<T> {
    batch.iter().map(|&(row, standing)| field(row, standing)).collect()
}

/// A row of a run's table, with its steps.
#[derive(Debug, Clone, QueryableByName)]
pub struct StoredRow {
    #[diesel(sql_type = Integer)]
    pub position: i32,
    #[diesel(sql_type = SqlUuid)]
    pub project_id: Uuid,
    #[diesel(sql_type = Text)]
    pub reference: String,
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = SqlUuid)]
    pub lead_organisation_id: Uuid,
    #[diesel(sql_type = Text)]
    pub lead_name: String,
    #[diesel(sql_type = Numeric)]
    pub total_cost: Money,
    #[diesel(sql_type = Numeric)]
    pub score: Points,
    #[diesel(sql_type = Numeric)]
    pub requested: Money,
    #[diesel(sql_type = Numeric)]
    pub admissible: Money,
    #[diesel(sql_type = Nullable<Text>)]
    pub admissible_reason: Option<String>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub band: Option<i16>,
    #[diesel(sql_type = Nullable<Numeric>)]
    pub percentage: Option<Ratio>,
    #[diesel(sql_type = Numeric)]
    pub base_amount: Money,
    #[diesel(sql_type = Numeric)]
    pub residue_share: Money,
    #[diesel(sql_type = Numeric)]
    pub assigned: Money,
    #[diesel(sql_type = Text)]
    pub outcome: AllocationOutcome,
    #[diesel(sql_type = Jsonb)]
    pub basis: Gathered<AllocationBasis>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub residue_portion: Option<Gathered<Portion>>,
}

impl From<StoredRow> for AllocationRow {
    fn from(row: StoredRow) -> Self {
        Self {
            position: row.position,
            project: AllocatedProject { id: row.project_id, reference: row.reference, title: row.title },
            lead: OrganisationName { id: row.lead_organisation_id, name: row.lead_name },
            score: row.score,
            band: row.band,
            percentage: row.percentage,
            requested_grant: row.requested,
            admissible_amount: row.admissible,
            admissible_reason: row.admissible_reason,
            base_amount: row.base_amount,
            residue_share: row.residue_share,
            assigned_grant: row.assigned,
            outcome: row.outcome,
        }
    }
}

/// Rows of a run that the caller may see, by position: a page, or all without a limit.
pub async fn list<C>(
    connection: &mut C,
    territory_id: Uuid,
    allocation_id: Uuid,
    after: Option<i32>,
    limit: Option<i64>,
) -> QueryResult<Vec<StoredRow>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT position, project_id, reference, title, lead_organisation_id, lead_name, total_cost, score, requested, \
               admissible, admissible_reason, band, percentage, base_amount, residue_share, assigned, outcome, basis, \
               residue_portion \
             FROM allocation_table WHERE territory_id = $1 AND allocation_id = $2 AND position > $3 \
             ORDER BY position LIMIT $4",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(allocation_id)
        .bind::<Integer, _>(after.unwrap_or(0))
        .bind::<Nullable<BigInt>, _>(limit.map(|limit| limit + 1)),
    )
    .load(connection)
    .await
}

/// Which projects of a run are funded.
pub async fn funded<C>(
    connection: &mut C,
    territory_id: Uuid,
    allocation_id: Uuid,
) -> QueryResult<Vec<(Uuid, bool)>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    use crate::schema::allocation_rows;
    allocation_rows::table
        .filter(allocation_rows::territory_id.eq(territory_id))
        .filter(allocation_rows::allocation_id.eq(allocation_id))
        .order(allocation_rows::project_id)
        .select((allocation_rows::project_id, allocation_rows::outcome.eq(AllocationOutcome::Funded)))
        .load(connection)
        .await
}
