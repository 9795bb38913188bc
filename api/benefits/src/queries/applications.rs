use crate::applications::ApplicationSummary;
use crate::rules::states::ApplicationState;
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// An application with its lines, in their order, and the lead of its call.
#[derive(Debug, QueryableByName)]
pub struct ApplicationRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub territory_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub voucher_call_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub lead_organisation_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub worker_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub employer_id: Uuid,
    #[diesel(sql_type = Text)]
    pub state: ApplicationState,
    #[diesel(sql_type = Nullable<Text>)]
    pub protocol_number: Option<String>,
    #[diesel(sql_type = Nullable<Binary>)]
    pub facts_sealed: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub submitted_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Array<SqlUuid>)]
    pub household_member_ids: Vec<Uuid>,
    #[diesel(sql_type = Array<Nullable<Binary>>)]
    pub child_facts_sealed: Vec<Option<Vec<u8>>>,
}

const SELECT: &str = "SELECT a.id, a.territory_id, a.voucher_call_id, c.lead_organisation_id, a.worker_id, \
    a.employer_id, a.state, a.protocol_number, a.facts_sealed, a.submitted_at, a.version, a.created_at, \
    ARRAY(SELECT l.household_member_id FROM application_lines l WHERE l.application_id = a.id ORDER BY l.line) \
      AS household_member_ids, \
    ARRAY(SELECT l.facts_sealed FROM application_lines l WHERE l.application_id = a.id ORDER BY l.line) \
      AS child_facts_sealed \
    FROM applications a JOIN voucher_calls c ON c.id = a.voucher_call_id \
    WHERE a.territory_id = $1 AND a.id = $2";

pub async fn find<C>(connection: &mut C, territory_id: Uuid, id: Uuid) -> QueryResult<Option<ApplicationRow>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(sql_query(SELECT).bind::<SqlUuid, _>(territory_id).bind::<SqlUuid, _>(id))
        .get_result(connection)
        .await
        .optional()
}

/// The application, held until the transaction ends. Hold its call first: that is the order of locks.
pub async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<ApplicationRow>> {
    cached(sql_query(format!("{SELECT} FOR UPDATE OF a")).bind::<SqlUuid, _>(territory_id).bind::<SqlUuid, _>(id))
        .get_result(connection)
        .await
        .optional()
}

/// Whose applications a list shows.
#[derive(Debug)]
pub struct Reach {
    pub territory_id: Uuid,
    /// A worker's own, drafts included.
    pub worker_id: Option<Uuid>,
    /// All that were submitted in the territory.
    pub is_ats: bool,
    /// Those submitted to calls of these leads.
    pub leads: Vec<Uuid>,
}

/// A page of the applications within `reach`, newest first.
pub async fn list<C>(
    connection: &mut C,
    reach: &Reach,
    voucher_call_id: Option<Uuid>,
    state: Option<ApplicationState>,
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<ApplicationSummary>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT a.id, a.voucher_call_id, a.state, a.protocol_number, a.submitted_at, a.created_at, \
               (SELECT count(*)::int FROM application_lines l WHERE l.application_id = a.id) AS lines \
             FROM applications a JOIN voucher_calls c ON c.id = a.voucher_call_id \
             WHERE a.territory_id = $1 \
               AND (a.worker_id = $2 OR (a.submitted_at IS NOT NULL AND ($3 OR c.lead_organisation_id = ANY($4)))) \
               AND ($5 IS NULL OR a.voucher_call_id = $5) AND ($6 IS NULL OR a.state = $6) \
               AND ($7 IS NULL OR a.id < $7) ORDER BY a.id DESC LIMIT $8",
        )
        .bind::<SqlUuid, _>(reach.territory_id)
        .bind::<Nullable<SqlUuid>, _>(reach.worker_id)
        .bind::<Bool, _>(reach.is_ats)
        .bind::<Array<SqlUuid>, _>(&reach.leads)
        .bind::<Nullable<SqlUuid>, _>(voucher_call_id)
        .bind::<Nullable<Text>, _>(state)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

/// A new draft of a worker.
pub struct NewApplication {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub voucher_call_id: Uuid,
    pub worker_id: Uuid,
    pub employer_id: Uuid,
}

pub async fn insert(connection: &mut AsyncPgConnection, new: &NewApplication) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO applications (id, territory_id, voucher_call_id, worker_id, employer_id, state) \
             VALUES ($1, $2, $3, $4, $5, 'draft')",
        )
        .bind::<SqlUuid, _>(new.id)
        .bind::<SqlUuid, _>(new.territory_id)
        .bind::<SqlUuid, _>(new.voucher_call_id)
        .bind::<SqlUuid, _>(new.worker_id)
        .bind::<SqlUuid, _>(new.employer_id),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What submission writes on an application.
pub struct NewSnapshot<'a> {
    pub employer_id: Uuid,
    pub protocol_number: &'a str,
    pub submitted_at: DateTime<Utc>,
    pub facts_sealed: &'a [u8],
}

/// Submits an application that the transaction holds, or renews the snapshot of a submitted one.
pub async fn submit(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    snapshot: &NewSnapshot<'_>,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE applications SET state = 'submitted', employer_id = $3, protocol_number = $4, submitted_at = $5, \
             facts_sealed = $6, version = version + 1 WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(snapshot.employer_id)
        .bind::<Text, _>(snapshot.protocol_number)
        .bind::<Timestamptz, _>(snapshot.submitted_at)
        .bind::<Binary, _>(snapshot.facts_sealed),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks a draft as changed.
pub async fn touch(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    employer_id: Uuid,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE applications SET employer_id = $3, version = version + 1 WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(employer_id),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Withdraws an application that the transaction holds: what was declared is erased, its children are free.
pub async fn withdraw(connection: &mut AsyncPgConnection, territory_id: Uuid, id: Uuid) -> QueryResult<()> {
    cached(
        sql_query(
            "WITH freed AS ( \
               UPDATE application_lines SET child_index = NULL, facts_sealed = NULL \
               WHERE territory_id = $1 AND application_id = $2 \
             ) \
             UPDATE applications SET state = 'withdrawn', facts_sealed = NULL, version = version + 1 \
             WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Decides, by an approved ranking, every application it ranks; records each move. Tells how many.
pub async fn decide(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    ranking_id: Uuid,
    actor_id: Option<Uuid>,
    actor_role: &str,
) -> QueryResult<usize> {
    cached(
        sql_query(
            "WITH decided AS ( \
               SELECT l.application_id, CASE WHEN bool_or(r.outcome = 'awarded') THEN 'awarded' \
                 WHEN bool_or(r.outcome = 'wait_listed') THEN 'wait_listed' ELSE 'excluded' END AS state \
               FROM ranking_rows r JOIN application_lines l ON l.id = r.application_line_id \
               WHERE r.territory_id = $1 AND r.ranking_id = $2 GROUP BY l.application_id \
             ), moved AS ( \
               UPDATE applications a SET state = d.state, version = version + 1 FROM decided d \
               WHERE a.territory_id = $1 AND a.id = d.application_id AND a.state = 'submitted' RETURNING a.id, a.state \
             ) \
             INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, from_state, to_state, actor_id, actor_role) \
             SELECT uuid_v7(), $1, 'application', id, 'submitted', state, $3, $4 FROM moved",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(ranking_id)
        .bind::<Nullable<SqlUuid>, _>(actor_id)
        .bind::<Text, _>(actor_role),
    )
    .execute(connection)
    .await
}
