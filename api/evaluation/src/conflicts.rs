//! Conflicts of interest between people and projects, found in the database by the functions that the migrations keep.

use concilia_kernel::db::{Db, cached, transaction};
use concilia_kernel::{Problem, text_enum};
use concilia_planning::hold_project_call;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use std::collections::HashSet;
use uuid::Uuid;

text_enum! {
    /// What binds a person to an organisation in conflict.
    pub enum ConflictGround {
        /// A role held for it, as an evaluator, an officer or a worker.
        Role = "role",
        /// A present employment, as the employer says.
        Employment = "employment",
    }
}

/// An organisation that a person is bound to, and that is or was in a project.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Conflict {
    #[diesel(sql_type = SqlUuid)]
    pub account_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub project_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub organisation_id: Uuid,
    #[diesel(sql_type = Text)]
    pub ground: ConflictGround,
}

/// The conflicts of interest of accounts of the territory: with projects that an organisation of theirs leads, joins, led
/// or joined, that have absorbed such a project, or from which they were recused before.
pub async fn conflicts_of<C>(
    connection: &mut C,
    territory_id: Uuid,
    accounts: &[Uuid],
) -> QueryResult<Vec<Conflict>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT account_id, project_id, organisation_id, ground FROM conflicts_of_interest($1, $2) \
             ORDER BY account_id, project_id, organisation_id, ground",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Array<SqlUuid>, _>(accounts),
    )
    .load(connection)
    .await
}

/// The projects with which an account is in conflict of interest.
pub async fn conflicted_projects<C>(
    connection: &mut C,
    territory_id: Uuid,
    account_id: Uuid,
) -> QueryResult<HashSet<Uuid>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let conflicts = conflicts_of(connection, territory_id, &[account_id]).await?;
    Ok(conflicts.into_iter().map(|conflict| conflict.project_id).collect())
}

/// Refuses with 404, as to that evaluator the project does not exist, an account in conflict with it.
pub(crate) async fn require_no_conflict<C>(
    connection: &mut C,
    territory_id: Uuid,
    account_id: Uuid,
    project_id: Uuid,
) -> Result<(), Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let conflicted = conflicted_projects(connection, territory_id, account_id).await?;
    if conflicted.contains(&project_id) { Err(Problem::not_found()) } else { Ok(()) }
}

#[derive(QueryableByName)]
struct Pending {
    #[diesel(sql_type = Bool)]
    pending: bool,
}

/// Logs the conflicts that have arisen among the evaluators of a call, and sets their cards aside. The transaction holds
/// the call for itself.
pub(crate) async fn log_recusals(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_call_id: Uuid,
) -> QueryResult<()> {
    #[derive(QueryableByName)]
    struct Logged {
        #[diesel(sql_type = BigInt)]
        logged: i64,
    }
    let Logged { logged } = cached(
        sql_query("SELECT log_recusals($1, $2) AS logged")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(project_call_id),
    )
    .get_result(connection)
    .await?;
    if logged > 0 {
        tracing::info!(%project_call_id, logged, "evaluators recused");
    }
    Ok(())
}

/// As [`log_recusals`], before a read: writes only when something has arisen.
pub(crate) async fn notice_recusals(db: &Db, territory_id: Uuid, project_call_id: Uuid) -> Result<(), Problem> {
    let reader = db.reader().await?;
    let Pending { pending } = cached(
        sql_query("SELECT EXISTS (SELECT FROM pending_recusals($1, $2)) AS pending")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(project_call_id),
    )
    .get_result(&mut &**reader)
    .await?;
    if !pending {
        return Ok(());
    }
    let mut conn = db.conn().await?;
    transaction(&mut conn, async |conn| {
        hold_project_call(conn, territory_id, project_call_id).await?.ok_or_else(Problem::not_found)?;
        log_recusals(conn, territory_id, project_call_id).await?;
        Ok(())
    })
    .await
}
