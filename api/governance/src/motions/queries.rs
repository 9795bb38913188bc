use super::motion::{BallotEntry, Motion, MotionRecusal, RecusalGround};
use crate::rules::states::MotionState;
use crate::rules::vote::VoteBasis;
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::{Problem, now};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A motion as stored.
#[derive(Debug, QueryableByName)]
pub(super) struct MotionRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub meeting_id: Uuid,
    #[diesel(sql_type = SmallInt)]
    agenda_item: i16,
    #[diesel(sql_type = Text)]
    text: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub project_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    pub state: MotionState,
    #[diesel(sql_type = Nullable<Text>)]
    basis: Option<VoteBasis>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    present: Option<i16>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    recused: Option<i16>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    in_favour: Option<i16>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    against: Option<i16>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    abstained: Option<i16>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    ballot: Option<serde_json::Value>,
    #[diesel(sql_type = Timestamptz)]
    opened_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    closed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = BigInt)]
    voted: i64,
}

const SELECT: &str = "SELECT m.id, m.meeting_id, m.agenda_item, m.text, m.project_id, m.state, m.basis, m.present, \
    m.recused, m.in_favour, m.against, m.abstained, m.ballot, m.opened_at, m.closed_at, m.version, \
    (SELECT count(*) FROM votes v WHERE v.motion_id = m.id) AS voted FROM motions m WHERE m.territory_id = $1";

impl MotionRow {
    fn motion(self, recusals: Vec<MotionRecusal>) -> Result<Motion, Problem> {
        let ballot: Option<Vec<BallotEntry>> =
            self.ballot.map(serde_json::from_value).transpose().map_err(Problem::internal)?;
        let counted = |part: Option<i16>| part.unwrap_or(0);
        let voted = counted(self.in_favour) + counted(self.against) + counted(self.abstained);
        Ok(Motion {
            id: self.id,
            meeting_id: self.meeting_id,
            agenda_item: self.agenda_item,
            text: self.text,
            project_id: self.project_id,
            state: self.state,
            basis: self.basis,
            present: self.present,
            recused: self.recused,
            in_favour: self.in_favour,
            against: self.against,
            abstained: self.abstained,
            not_voting: self.present.map(|present| present - voted),
            voted: self.voted,
            ballot,
            recusals,
            opened_at: self.opened_at,
            closed_at: self.closed_at,
            version: self.version,
        })
    }
}

/// How a transaction holds a motion while it works.
#[derive(Debug, Clone, Copy)]
pub(super) enum Hold {
    /// It may not be closed meanwhile: votes.
    Share,
    /// Nobody may vote meanwhile: its closing.
    Update,
}

/// The motion of the territory, held until the transaction ends. Its meeting is held before it.
pub(super) async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    hold: Hold,
) -> QueryResult<Option<MotionRow>> {
    let lock = match hold {
        Hold::Share => "SHARE",
        Hold::Update => "UPDATE",
    };
    cached(
        sql_query(format!("{SELECT} AND m.id = $2 FOR {lock} OF m"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// A motion of the territory, as stored.
pub(super) async fn find_row<C>(connection: &mut C, territory_id: Uuid, id: Uuid) -> QueryResult<Option<MotionRow>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(sql_query(format!("{SELECT} AND m.id = $2")).bind::<SqlUuid, _>(territory_id).bind::<SqlUuid, _>(id))
        .get_result(connection)
        .await
        .optional()
}

/// A motion of the territory with its recusals.
pub(super) async fn find<C>(connection: &mut C, territory_id: Uuid, id: Uuid) -> Result<Option<Motion>, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let Some(row) = find_row(connection, territory_id, id).await? else { return Ok(None) };
    Ok(with_recusals(connection, territory_id, vec![row]).await?.pop())
}

/// The motions of a meeting in the order of its agenda, with their recusals.
pub(crate) async fn of_meeting<C>(
    connection: &mut C,
    territory_id: Uuid,
    meeting_id: Uuid,
) -> Result<Vec<Motion>, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let rows: Vec<MotionRow> = cached(
        sql_query(format!("{SELECT} AND m.meeting_id = $2 ORDER BY m.agenda_item, m.id"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(meeting_id),
    )
    .load(connection)
    .await?;
    with_recusals(connection, territory_id, rows).await
}

#[derive(QueryableByName)]
struct RecusalRow {
    #[diesel(sql_type = SqlUuid)]
    motion_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    invitation_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    account_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    organisation_id: Uuid,
    #[diesel(sql_type = Text)]
    ground: RecusalGround,
    #[diesel(sql_type = Timestamptz)]
    found_at: DateTime<Utc>,
}

async fn with_recusals<C>(
    connection: &mut C,
    territory_id: Uuid,
    rows: Vec<MotionRow>,
) -> Result<Vec<Motion>, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut found: Vec<RecusalRow> = cached(
        sql_query(
            "SELECT motion_id, invitation_id, account_id, organisation_id, ground, found_at FROM motion_recusals \
             WHERE territory_id = $1 AND motion_id = ANY($2) ORDER BY found_at, invitation_id, account_id, ground",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Array<SqlUuid>, _>(&ids),
    )
    .load(connection)
    .await?;
    let whole = |row: MotionRow| {
        let (own, others) = std::mem::take(&mut found).into_iter().partition(|one| one.motion_id == row.id);
        found = others;
        let own: Vec<RecusalRow> = own;
        let recusals = own.into_iter().map(|one| MotionRecusal {
            invitation_id: one.invitation_id,
            account_id: one.account_id,
            organisation_id: one.organisation_id,
            ground: one.ground,
            found_at: one.found_at,
        });
        row.motion(recusals.collect())
    };
    rows.into_iter().map(whole).collect()
}

/// How many motions a meeting has.
#[derive(Debug, QueryableByName)]
pub(crate) struct Count {
    #[diesel(sql_type = BigInt)]
    pub all: i64,
    #[diesel(sql_type = BigInt)]
    pub open: i64,
}

/// How many motions a meeting has, and how many are open.
pub(crate) async fn count(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    meeting_id: Uuid,
) -> QueryResult<Count> {
    cached(
        sql_query(
            "SELECT count(*) AS all, count(*) FILTER (WHERE state = 'open') AS open FROM motions \
             WHERE territory_id = $1 AND meeting_id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(meeting_id),
    )
    .get_result(connection)
    .await
}

/// A motion to be put to the vote.
pub(super) struct NewMotion<'a> {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub meeting_id: Uuid,
    pub agenda_item: i16,
    pub text: &'a str,
    pub project_id: Option<Uuid>,
    pub opened_by: Uuid,
}

pub(super) async fn insert(connection: &mut AsyncPgConnection, motion: NewMotion<'_>) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO motions (id, territory_id, meeting_id, agenda_item, text, project_id, state, opened_by, opened_at) \
             VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8)",
        )
        .bind::<SqlUuid, _>(motion.id)
        .bind::<SqlUuid, _>(motion.territory_id)
        .bind::<SqlUuid, _>(motion.meeting_id)
        .bind::<SmallInt, _>(motion.agenda_item)
        .bind::<Text, _>(motion.text)
        .bind::<Nullable<SqlUuid>, _>(motion.project_id)
        .bind::<SqlUuid, _>(motion.opened_by)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How a motion was decided.
pub(super) struct Decision {
    pub state: MotionState,
    pub basis: VoteBasis,
    pub present: i16,
    pub recused: i16,
    pub in_favour: i16,
    pub against: i16,
    pub abstained: i16,
    pub ballot: Vec<BallotEntry>,
}

/// Decides an open motion that the transaction holds.
pub(super) async fn close(
    connection: &mut AsyncPgConnection,
    (territory_id, id, closed_by): (Uuid, Uuid, Uuid),
    decision: &Decision,
) -> Result<(), Problem> {
    cached(
        sql_query(
            "UPDATE motions SET state = $3, basis = $4, present = $5, recused = $6, in_favour = $7, against = $8, \
               abstained = $9, ballot = $10, closed_by = $11, closed_at = $12, version = version + 1 \
             WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(decision.state)
        .bind::<Text, _>(decision.basis)
        .bind::<SmallInt, _>(decision.present)
        .bind::<SmallInt, _>(decision.recused)
        .bind::<SmallInt, _>(decision.in_favour)
        .bind::<SmallInt, _>(decision.against)
        .bind::<SmallInt, _>(decision.abstained)
        .bind::<Jsonb, _>(serde_json::to_value(&decision.ballot).map_err(Problem::internal)?)
        .bind::<SqlUuid, _>(closed_by)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes back a motion that the transaction holds.
pub(super) async fn withdraw(
    connection: &mut AsyncPgConnection,
    (territory_id, id, closed_by): (Uuid, Uuid, Uuid),
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE motions SET state = 'withdrawn', closed_by = $3, closed_at = $4, version = version + 1 \
             WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(closed_by)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(())
}
