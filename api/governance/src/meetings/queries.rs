use super::invitations;
use super::meeting::{AgendaItem, Meeting, MeetingSummary};
use crate::people::People;
use crate::rules::states::{BodyKind, MeetingState};
use crate::scope::Scope;
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A meeting as stored, with its body.
#[derive(Debug, Clone, QueryableByName)]
pub(crate) struct MeetingRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub body_id: Uuid,
    #[diesel(sql_type = Text)]
    pub body_kind: BodyKind,
    #[diesel(sql_type = Text)]
    pub body_name: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub referent_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    pub state: MeetingState,
    #[diesel(sql_type = Timestamptz)]
    pub starts_at: DateTime<Utc>,
    #[diesel(sql_type = SmallInt)]
    pub duration_minutes: i16,
    #[diesel(sql_type = Nullable<Text>)]
    pub place: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub online_link: Option<String>,
    #[diesel(sql_type = SmallInt)]
    pub notice: i16,
    #[diesel(sql_type = Timestamptz)]
    pub sent_at: DateTime<Utc>,
    #[diesel(sql_type = SmallInt)]
    pub required_days: i16,
    #[diesel(sql_type = Nullable<Integer>)]
    pub quorum: Option<i32>,
    #[diesel(sql_type = Nullable<Bool>)]
    quorate: Option<bool>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = BigInt)]
    present: i64,
}

impl From<MeetingRow> for MeetingSummary {
    fn from(row: MeetingRow) -> Self {
        let reached = row.quorum.is_none_or(|quorum| row.present >= quorum.into());
        Self {
            id: row.id,
            body_id: row.body_id,
            body_kind: row.body_kind,
            body_name: row.body_name,
            state: row.state,
            starts_at: row.starts_at,
            duration_minutes: row.duration_minutes,
            place: row.place,
            online_link: row.online_link,
            sent_at: row.sent_at,
            notice: row.notice,
            required_days: row.required_days,
            quorum: row.quorum,
            present: row.present,
            quorate: row.quorate.unwrap_or(reached),
        }
    }
}

const SELECT: &str = "SELECT m.id, m.body_id, b.kind AS body_kind, b.name AS body_name, b.referent_id, m.state, \
    m.starts_at, m.duration_minutes, m.place, m.online_link, m.notice, m.sent_at, m.required_days, m.quorum, m.quorate, \
    m.version, (SELECT count(*) FROM attendances a WHERE a.meeting_id = m.id AND a.left_at IS NULL) AS present \
    FROM meetings m JOIN bodies b ON b.territory_id = m.territory_id AND b.id = m.body_id WHERE m.territory_id = $1";

/// How a transaction holds a meeting while it works.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Hold {
    /// Neither its state nor who is there may change meanwhile: votes.
    Share,
    /// Nobody else may work on it.
    Update,
}

/// The meeting of the territory, held until the transaction ends.
pub(crate) async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    hold: Hold,
) -> QueryResult<Option<MeetingRow>> {
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

/// A meeting of one of the bodies in scope.
pub(crate) async fn find_in_scope<C>(
    connection: &mut C,
    scope: &Scope,
    id: Uuid,
) -> QueryResult<Option<MeetingRow>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!("{SELECT} AND m.id = $2 AND m.body_id = ANY($3)"))
            .bind::<SqlUuid, _>(scope.territory_id)
            .bind::<SqlUuid, _>(id)
            .bind::<Array<SqlUuid>, _>(&scope.bodies),
    )
    .get_result(connection)
    .await
    .optional()
}

/// The meeting with its agenda and invitations.
pub(crate) async fn find<C>(connection: &mut C, territory_id: Uuid, id: Uuid) -> QueryResult<Option<Meeting>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let row: Option<MeetingRow> = cached(
        sql_query(format!("{SELECT} AND m.id = $2")).bind::<SqlUuid, _>(territory_id).bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()?;
    let Some(row) = row else { return Ok(None) };
    with_people(connection, territory_id, row).await.map(Some)
}

/// The row's meeting with its agenda and invitations.
pub(super) async fn with_people<C>(connection: &mut C, territory_id: Uuid, row: MeetingRow) -> QueryResult<Meeting>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let agenda = agenda_of(connection, territory_id, row.id).await?;
    let invited = invitations::list(connection, territory_id, row.id, row.notice).await?;
    let accounts = invited.iter().flat_map(|one| [one.titular_id, one.substitute_id, one.account_id]);
    let people = People::load(connection, territory_id, accounts).await?;
    let invitations = invited.into_iter().map(|one| one.shown(&people)).collect();
    Ok(Meeting { agenda, invitations, version: row.version, summary: row.into() })
}

/// The agenda of a meeting.
pub(crate) async fn agenda_of<C>(
    connection: &mut C,
    territory_id: Uuid,
    meeting_id: Uuid,
) -> QueryResult<Vec<AgendaItem>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT position, title, description, project_id FROM agenda_items \
             WHERE territory_id = $1 AND meeting_id = $2 ORDER BY position",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(meeting_id),
    )
    .load(connection)
    .await
}

/// Which meetings, and from where.
pub(super) struct Selection {
    pub body_id: Option<Uuid>,
    pub state: Option<MeetingState>,
    pub from: Option<DateTime<Utc>>,
    /// Not included.
    pub to: Option<DateTime<Utc>>,
    pub before: Option<(DateTime<Utc>, Uuid)>,
    pub limit: i64,
}

/// One more than the limit, if there are, last first.
pub(super) async fn list<C>(
    connection: &mut C,
    scope: &Scope,
    selection: Selection,
) -> QueryResult<Vec<MeetingSummary>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let (before_at, before_id) = selection.before.unzip();
    let rows: Vec<MeetingRow> = cached(
        sql_query(format!(
            "{SELECT} AND m.body_id = ANY($2) AND ($3 IS NULL OR m.body_id = $3) AND ($4 IS NULL OR m.state = $4) \
             AND ($5 IS NULL OR m.starts_at >= $5) AND ($6 IS NULL OR m.starts_at < $6) \
             AND ($7 IS NULL OR (m.starts_at, m.id) < ($7, $8)) ORDER BY m.starts_at DESC, m.id DESC LIMIT $9"
        ))
        .bind::<SqlUuid, _>(scope.territory_id)
        .bind::<Array<SqlUuid>, _>(&scope.bodies)
        .bind::<Nullable<SqlUuid>, _>(selection.body_id)
        .bind::<Nullable<Text>, _>(selection.state)
        .bind::<Nullable<Timestamptz>, _>(selection.from)
        .bind::<Nullable<Timestamptz>, _>(selection.to)
        .bind::<Nullable<Timestamptz>, _>(before_at)
        .bind::<Nullable<SqlUuid>, _>(before_id)
        .bind::<BigInt, _>(selection.limit + 1),
    )
    .load(connection)
    .await?;
    Ok(rows.into_iter().map(MeetingSummary::from).collect())
}

/// The meetings of committee and assembly in a year (in Italy) that count: held with their quorum, or still to be held.
pub(crate) async fn of_year<C>(
    connection: &mut C,
    territory_id: Uuid,
    year: i32,
) -> QueryResult<Vec<MeetingSummary>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let rows: Vec<MeetingRow> = cached(
        sql_query(format!(
            "{SELECT} AND b.kind <> 'working_group' AND extract(year FROM italian_day(m.starts_at)) = $2 \
             AND (m.state = 'convened' OR (m.state = 'held' AND m.quorate)) ORDER BY m.starts_at, m.id LIMIT 500"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Integer, _>(year),
    )
    .load(connection)
    .await?;
    Ok(rows.into_iter().map(MeetingSummary::from).collect())
}

/// The meetings of the bodies in scope since an instant, called off or not, in the order of their dates.
pub(crate) async fn of_scope<C>(
    connection: &mut C,
    scope: &Scope,
    since: DateTime<Utc>,
) -> QueryResult<Vec<MeetingSummary>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let rows: Vec<MeetingRow> = cached(
        sql_query(format!(
            "{SELECT} AND m.body_id = ANY($2) AND m.starts_at >= $3 ORDER BY m.starts_at, m.id LIMIT 1000"
        ))
        .bind::<SqlUuid, _>(scope.territory_id)
        .bind::<Array<SqlUuid>, _>(&scope.bodies)
        .bind::<Timestamptz, _>(since),
    )
    .load(connection)
    .await?;
    Ok(rows.into_iter().map(MeetingSummary::from).collect())
}
