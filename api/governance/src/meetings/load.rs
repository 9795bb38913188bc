//! Meetings without a request, and how many were held.

use super::invitations;
use super::meeting::AgendaItem;
use super::queries::{self, Hold, Notice, hold};
use crate::rules::states::{BodyKind, MEETING, MeetingState};
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::Problem;
use concilia_kernel::db::cached;
use concilia_kernel::transition::{Agent, record};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Date, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A meeting that was held, to be entered.
#[derive(Debug)]
pub struct HeldMeeting<'a> {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub body_id: Uuid,
    pub starts_at: DateTime<Utc>,
    pub sent_at: DateTime<Utc>,
    /// 1 to 300 characters.
    pub place: &'a str,
    /// Titles of the agenda, 1 to 50 of 1 to 300 characters.
    pub agenda: &'a [&'a str],
}

/// Enters a meeting that was held with its quorum: who is in the body now was invited, who came is not entered.
pub async fn insert_held_meeting(
    connection: &mut AsyncPgConnection,
    meeting: HeldMeeting<'_>,
    agent: Agent,
) -> Result<(), Problem> {
    let notice = Notice {
        number: 1,
        starts_at: meeting.starts_at,
        place: Some(meeting.place),
        online_link: None,
        reason: None,
        sent_at: meeting.sent_at,
        sent_by: agent.id,
        required_days: 0,
    };
    let item = |(title, position): (&&str, i16)| AgendaItem {
        position,
        title: (*title).to_owned(),
        description: None,
        project_id: None,
    };
    let agenda: Vec<AgendaItem> = meeting.agenda.iter().zip(1..).map(item).collect();
    let whose = (meeting.territory_id, meeting.body_id, meeting.id);
    queries::insert(connection, whose, 120, &notice, &agenda).await?;
    let row = hold(connection, meeting.territory_id, meeting.id, Hold::Update).await?;
    invitations::freeze(connection, meeting.territory_id, &row.ok_or_else(Problem::not_found)?).await?;
    let held = Some((meeting.starts_at, true));
    queries::set_state(connection, (meeting.territory_id, meeting.id), MeetingState::Held, held).await?;
    let aggregate = (MEETING.aggregate, meeting.id);
    let (convened, over) = (MeetingState::Convened.as_str(), MeetingState::Held.as_str());
    record(connection, meeting.territory_id, aggregate, (None, convened), agent, None).await?;
    record(connection, meeting.territory_id, aggregate, (Some(convened), over), agent, None).await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// The meetings that bodies of a kind held, with their quorum, from a day to another, both included (UTC).
pub async fn meetings_held<C>(
    connection: &mut C,
    territory_id: Uuid,
    kind: BodyKind,
    (from, to): (NaiveDate, NaiveDate),
) -> QueryResult<Vec<Uuid>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let rows: Vec<Row> = cached(
        sql_query(
            "SELECT m.id FROM meetings m JOIN bodies b ON b.territory_id = m.territory_id AND b.id = m.body_id \
             WHERE m.territory_id = $1 AND b.kind = $2 AND m.state = 'held' AND m.quorate \
               AND (m.starts_at AT TIME ZONE 'UTC')::date BETWEEN $3 AND $4 ORDER BY m.starts_at, m.id",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Text, _>(kind)
        .bind::<Date, _>(from)
        .bind::<Date, _>(to),
    )
    .load(connection)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
