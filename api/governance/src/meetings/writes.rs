use super::meeting::AgendaItem;
use crate::rules::states::MeetingState;
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use diesel::QueryResult;
use diesel::sql_query;
use diesel::sql_types::{Array, Bool, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// When and where a meeting is, and since when that is known.
pub(super) struct Notice<'a> {
    pub number: i16,
    pub starts_at: DateTime<Utc>,
    pub place: Option<&'a str>,
    pub online_link: Option<&'a str>,
    /// Why the meeting is moved; of all but the first.
    pub reason: Option<&'a str>,
    pub sent_at: DateTime<Utc>,
    pub sent_by: Option<Uuid>,
    pub required_days: i16,
}

/// Enters a meeting with its first notice and its agenda.
pub(super) async fn insert(
    connection: &mut AsyncPgConnection,
    (territory_id, body_id, id): (Uuid, Uuid, Uuid),
    duration_minutes: i16,
    notice: &Notice<'_>,
    agenda: &[AgendaItem],
) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO meetings (id, territory_id, body_id, state, starts_at, duration_minutes, place, online_link, \
               notice, sent_at, required_days, convened_by) \
             VALUES ($1, $2, $3, 'convened', $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(body_id)
        .bind::<Timestamptz, _>(notice.starts_at)
        .bind::<SmallInt, _>(duration_minutes)
        .bind::<Nullable<Text>, _>(notice.place)
        .bind::<Nullable<Text>, _>(notice.online_link)
        .bind::<SmallInt, _>(notice.number)
        .bind::<Timestamptz, _>(notice.sent_at)
        .bind::<SmallInt, _>(notice.required_days)
        .bind::<Nullable<SqlUuid>, _>(notice.sent_by),
    )
    .execute(connection)
    .await?;
    insert_notice(connection, territory_id, id, notice).await?;
    cached(
        sql_query(
            "INSERT INTO agenda_items (territory_id, meeting_id, position, title, description, project_id) \
             SELECT $1, $2, * FROM unnest($3::smallint[], $4::text[], $5::text[], $6::uuid[])",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Array<SmallInt>, _>(agenda.iter().map(|item| item.position).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(agenda.iter().map(|item| &*item.title).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(
            agenda.iter().map(|item| item.description.as_deref()).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<SqlUuid>>, _>(agenda.iter().map(|item| item.project_id).collect::<Vec<_>>()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_notice(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    meeting_id: Uuid,
    notice: &Notice<'_>,
) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO meeting_notices (territory_id, meeting_id, number, starts_at, place, online_link, reason, \
               sent_at, sent_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(meeting_id)
        .bind::<SmallInt, _>(notice.number)
        .bind::<Timestamptz, _>(notice.starts_at)
        .bind::<Nullable<Text>, _>(notice.place)
        .bind::<Nullable<Text>, _>(notice.online_link)
        .bind::<Nullable<Text>, _>(notice.reason)
        .bind::<Timestamptz, _>(notice.sent_at)
        .bind::<Nullable<SqlUuid>, _>(notice.sent_by),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Moves a meeting that the transaction holds to another date or place, by a new notice.
pub(super) async fn renotify(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    notice: &Notice<'_>,
) -> QueryResult<()> {
    insert_notice(connection, territory_id, id, notice).await?;
    cached(
        sql_query(
            "UPDATE meetings SET starts_at = $3, place = $4, online_link = $5, notice = $6, sent_at = $7, \
               required_days = $8, version = version + 1 WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(notice.starts_at)
        .bind::<Nullable<Text>, _>(notice.place)
        .bind::<Nullable<Text>, _>(notice.online_link)
        .bind::<SmallInt, _>(notice.number)
        .bind::<Timestamptz, _>(notice.sent_at)
        .bind::<SmallInt, _>(notice.required_days),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a meeting that the transaction holds.
pub(super) async fn set_state(
    connection: &mut AsyncPgConnection,
    (territory_id, id): (Uuid, Uuid),
    state: MeetingState,
    held: Option<(DateTime<Utc>, bool)>,
) -> QueryResult<()> {
    let (held_at, quorate) = held.unzip();
    cached(
        sql_query(
            "UPDATE meetings SET state = $3, held_at = $4, quorate = $5, version = version + 1 \
             WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(state)
        .bind::<Nullable<Timestamptz>, _>(held_at)
        .bind::<Nullable<Bool>, _>(quorate),
    )
    .execute(connection)
    .await?;
    Ok(())
}
