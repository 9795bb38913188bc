use crate::admissible::AdmissibleAmount;
use crate::allocations::AllocatedProject;
use chrono::{DateTime, Utc};
use concilia_kernel::Money;
use concilia_kernel::db::cached;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    project_id: Uuid,
    #[diesel(sql_type = Text)]
    reference: String,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Numeric)]
    requested_grant: Money,
    #[diesel(sql_type = Numeric)]
    amount: Money,
    #[diesel(sql_type = Text)]
    reason: String,
    #[diesel(sql_type = Timestamptz)]
    set_at: DateTime<Utc>,
    #[diesel(sql_type = Integer)]
    number: i32,
}

impl From<Row> for AdmissibleAmount {
    fn from(row: Row) -> Self {
        Self {
            project: AllocatedProject { id: row.project_id, reference: row.reference, title: row.title },
            requested_grant: row.requested_grant,
            amount: row.amount,
            reason: row.reason,
            set_at: row.set_at,
            number: row.number,
        }
    }
}

const SELECT: &str = "SELECT project_id, reference, title, requested_grant, amount, reason, set_at, number \
    FROM present_admissible_amounts WHERE territory_id = $1";

/// What was last set for those of the projects for which something was.
pub async fn of_projects<C>(
    connection: &mut C,
    territory_id: Uuid,
    projects: &[Uuid],
) -> QueryResult<Vec<AdmissibleAmount>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let rows: Vec<Row> = cached(
        sql_query(format!("{SELECT} AND project_id = ANY ($2)"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<Array<SqlUuid>, _>(projects),
    )
    .load(connection)
    .await?;
    Ok(rows.into_iter().map(AdmissibleAmount::from).collect())
}

/// A page of what was last set in a call, by project.
pub async fn of_call<C>(
    connection: &mut C,
    territory_id: Uuid,
    project_call_id: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<AdmissibleAmount>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let rows: Vec<Row> = cached(
        sql_query(format!(
            "{SELECT} AND project_call_id = $2 AND ($3 IS NULL OR project_id > $3) ORDER BY project_id LIMIT $4"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_call_id)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await?;
    Ok(rows.into_iter().map(AdmissibleAmount::from).collect())
}

/// Sets what is admissible of a held project.
pub async fn insert(
    connection: &mut AsyncPgConnection,
    (territory_id, project_id): (Uuid, Uuid),
    (amount, reason): (Money, &str),
    set_by: Option<Uuid>,
) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO admissible_amounts (territory_id, project_id, number, amount, reason, set_by) \
             SELECT $1, $2, 1 + coalesce(max(number), 0), $3, $4, $5 FROM admissible_amounts WHERE project_id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_id)
        .bind::<Numeric, _>(amount)
        .bind::<Text, _>(reason)
        .bind::<Nullable<SqlUuid>, _>(set_by),
    )
    .execute(connection)
    .await?;
    Ok(())
}
