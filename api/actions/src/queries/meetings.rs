use crate::meetings::ActionMeeting;
use crate::meetings::create_action_meeting::NewActionMeeting;
use crate::meetings::hold_action_meeting::HeldActionMeeting;
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::{Problem, new_id};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

const SELECT: &str = "SELECT m.id, m.action_id, m.state, m.title, m.starts_at, m.ends_at, m.place, m.people, m.notes, \
    m.version, ARRAY(SELECT o.organisation_id FROM action_meeting_organisations o WHERE o.meeting_id = m.id \
                     ORDER BY o.organisation_id) AS organisation_ids FROM action_meetings m ";

async fn find(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<ActionMeeting>> {
    cached(
        sql_query(format!("{SELECT} WHERE m.territory_id = $1 AND m.id = $2"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// A meeting of the territory, held until the transaction ends.
pub async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<ActionMeeting>> {
    cached(
        sql_query(format!("{SELECT} WHERE m.territory_id = $1 AND m.id = $2 FOR NO KEY UPDATE OF m"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// A page of the meetings of an action, in the order of their start.
pub async fn list<C>(
    connection: &mut C,
    territory_id: Uuid,
    action_id: Uuid,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> QueryResult<Vec<ActionMeeting>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let (starts_at, id) = after.unzip();
    cached(
        sql_query(format!(
            "{SELECT} WHERE m.territory_id = $1 AND m.action_id = $2 \
             AND ($3 IS NULL OR (m.starts_at, m.id) > ($3, $4)) ORDER BY m.starts_at, m.id LIMIT $5"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(action_id)
        .bind::<Nullable<Timestamptz>, _>(starts_at)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

pub async fn insert(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    action_id: Uuid,
    meeting: &NewActionMeeting,
    created_by: Uuid,
) -> Result<ActionMeeting, Problem> {
    let id = new_id();
    cached(
        sql_query(
            "INSERT INTO action_meetings (id, territory_id, action_id, state, title, starts_at, ends_at, place, created_by) \
             VALUES ($1, $2, $3, 'planned', $4, $5, $6, $7, $8)",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(action_id)
        .bind::<Text, _>(meeting.title.trim_matches(' '))
        .bind::<Timestamptz, _>(meeting.starts_at)
        .bind::<Timestamptz, _>(meeting.ends_at)
        .bind::<Text, _>(meeting.place.trim_matches(' '))
        .bind::<SqlUuid, _>(created_by),
    )
    .execute(connection)
    .await?;
    find(connection, territory_id, id).await?.ok_or_else(Problem::not_found)
}

/// Records a meeting that the transaction holds as held.
pub async fn set_held(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    held: &HeldActionMeeting,
) -> Result<ActionMeeting, Problem> {
    cached(
        sql_query(
            "WITH present AS ( \
               INSERT INTO action_meeting_organisations (territory_id, meeting_id, organisation_id) \
               SELECT $1, $2, unnest($3) \
             ) \
             UPDATE action_meetings SET state = 'held', people = $4, notes = $5, version = version + 1 \
             WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Array<SqlUuid>, _>(&held.organisation_ids)
        .bind::<Integer, _>(held.people)
        .bind::<Nullable<Text>, _>(held.notes.as_deref()),
    )
    .execute(connection)
    .await?;
    find(connection, territory_id, id).await?.ok_or_else(Problem::not_found)
}

/// Cancels a meeting that the transaction holds.
pub async fn cancel(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> Result<ActionMeeting, Problem> {
    cached(
        sql_query(
            "UPDATE action_meetings SET state = 'cancelled', version = version + 1 WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id),
    )
    .execute(connection)
    .await?;
    find(connection, territory_id, id).await?.ok_or_else(Problem::not_found)
}
