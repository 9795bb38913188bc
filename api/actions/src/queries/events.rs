use super::lock;
use crate::events::list_events::ListEvents;
use crate::events::{Event, EventContent};
use crate::rules::states::EventState;
use crate::visibility::Viewer;
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::{Problem, new_id};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{
    Array, BigInt, Bool, Date, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

const COLUMNS: &str = "e.id, e.territory_id, e.action_id, e.kind, e.state, e.title, e.description, e.place, e.municipality, \
    e.address, e.online_url, e.capacity, e.capacity - e.places_taken AS free_places, e.waiting, e.sign_up_opens_at, \
    e.sign_up_closes_at, e.starts_at, e.ends_at, e.certificate_share, e.created_at, e.version, \
    coalesce((SELECT jsonb_agg(jsonb_build_object('id', s.id, 'starts_at', s.starts_at, 'ends_at', s.ends_at) \
                ORDER BY s.starts_at) FROM event_sessions s WHERE s.event_id = e.id), '[]') AS sessions";

/// An event of any territory and in any state: the caller decides whether it may be seen.
pub async fn find_of_any_territory<C>(connection: &mut C, id: Uuid) -> QueryResult<Option<Event>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(sql_query(format!("SELECT {COLUMNS} FROM events e WHERE e.id = $1")).bind::<SqlUuid, _>(id))
        .get_result(connection)
        .await
        .optional()
}

pub async fn find<C>(connection: &mut C, territory_id: Uuid, id: Uuid) -> QueryResult<Option<Event>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!("SELECT {COLUMNS} FROM events e WHERE e.territory_id = $1 AND e.id = $2"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// An event of the territory, held until the transaction ends: everything that moves its places queues here.
pub async fn hold(connection: &mut AsyncPgConnection, territory_id: Uuid, id: Uuid) -> QueryResult<Option<Event>> {
    lock(connection, "events", territory_id, id).await?;
    find(connection, territory_id, id).await
}

/// A page of the events that `viewer` may see, in the order of their start.
pub async fn list<C>(
    connection: &mut C,
    viewer: Viewer,
    selection: &ListEvents,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> QueryResult<Vec<Event>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let (starts_at, id) = after.unzip();
    cached(
        sql_query(format!(
            "SELECT {COLUMNS} FROM events e WHERE (e.state <> 'draft' OR (e.territory_id = $1 AND $2)) \
             AND ($3 IS NULL OR e.territory_id = $3) AND ($4 IS NULL OR e.action_id = $4) \
             AND ($5 IS NULL OR e.kind = $5) AND ($6 IS NULL OR e.state = $6) \
             AND ($7 IS NULL OR e.starts_at >= $7::timestamp AT TIME ZONE 'Europe/Rome') \
             AND ($8 IS NULL OR e.starts_at < ($8 + 1)::timestamp AT TIME ZONE 'Europe/Rome') \
             AND ($9 IS NULL OR (e.starts_at, e.id) > ($9, $10)) ORDER BY e.starts_at, e.id LIMIT $11"
        ))
        .bind::<Nullable<SqlUuid>, _>(viewer.territory_id)
        .bind::<Bool, _>(viewer.is_ats)
        .bind::<Nullable<SqlUuid>, _>(selection.territory_id)
        .bind::<Nullable<SqlUuid>, _>(selection.action_id)
        .bind::<Nullable<Text>, _>(selection.kind)
        .bind::<Nullable<Text>, _>(selection.state)
        .bind::<Nullable<Date>, _>(selection.from)
        .bind::<Nullable<Date>, _>(selection.to)
        .bind::<Nullable<Timestamptz>, _>(starts_at)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

/// A new draft. The caller has checked what it refers to.
pub async fn insert(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    created_by: Uuid,
    content: &EventContent,
) -> Result<Event, Problem> {
    let id = new_id();
    let (starts_at, ends_at) = content.span();
    cached(
        sql_query(
            "INSERT INTO events (id, territory_id, action_id, kind, state, title, description, place, municipality, address, \
               online_url, capacity, sign_up_opens_at, sign_up_closes_at, starts_at, ends_at, certificate_share, created_by) \
             VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Nullable<SqlUuid>, _>(content.action_id)
        .bind::<Text, _>(content.kind)
        .bind::<Text, _>(content.title.trim_matches(' '))
        .bind::<Text, _>(&content.description)
        .bind::<Text, _>(content.place)
        .bind::<Nullable<Text>, _>(content.municipality.as_deref())
        .bind::<Nullable<Text>, _>(content.address.as_deref())
        .bind::<Nullable<Text>, _>(content.online_url.as_deref())
        .bind::<Integer, _>(content.capacity)
        .bind::<Timestamptz, _>(content.sign_up_opens_at)
        .bind::<Timestamptz, _>(content.sign_up_closes_at)
        .bind::<Timestamptz, _>(starts_at)
        .bind::<Timestamptz, _>(ends_at)
        .bind::<Numeric, _>(content.certificate_share)
        .bind::<SqlUuid, _>(created_by),
    )
    .execute(connection)
    .await?;
    write_sessions(connection, territory_id, id, content).await?;
    find(connection, territory_id, id).await?.ok_or_else(Problem::not_found)
}

/// Rewrites an event that the transaction holds, but for its sessions.
pub async fn update(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    content: &EventContent,
) -> QueryResult<()> {
    let (starts_at, ends_at) = content.span();
    cached(
        sql_query(
            "UPDATE events SET action_id = $3, kind = $4, title = $5, description = $6, place = $7, municipality = $8, \
               address = $9, online_url = $10, capacity = $11, sign_up_opens_at = $12, sign_up_closes_at = $13, \
               starts_at = $14, ends_at = $15, certificate_share = $16, version = version + 1 \
             WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Nullable<SqlUuid>, _>(content.action_id)
        .bind::<Text, _>(content.kind)
        .bind::<Text, _>(content.title.trim_matches(' '))
        .bind::<Text, _>(&content.description)
        .bind::<Text, _>(content.place)
        .bind::<Nullable<Text>, _>(content.municipality.as_deref())
        .bind::<Nullable<Text>, _>(content.address.as_deref())
        .bind::<Nullable<Text>, _>(content.online_url.as_deref())
        .bind::<Integer, _>(content.capacity)
        .bind::<Timestamptz, _>(content.sign_up_opens_at)
        .bind::<Timestamptz, _>(content.sign_up_closes_at)
        .bind::<Timestamptz, _>(starts_at)
        .bind::<Timestamptz, _>(ends_at)
        .bind::<Numeric, _>(content.certificate_share),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What became of a change of sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionsKept {
    Written,
    /// One that would be dropped or moved has recorded attendance: nothing was written.
    AttendanceStands,
}

/// Makes the sessions of an event that the transaction holds those of `content`.
pub async fn write_sessions(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    event_id: Uuid,
    content: &EventContent,
) -> QueryResult<SessionsKept> {
    let ids: Vec<Uuid> = content.sessions.iter().map(|session| session.id.unwrap_or_else(new_id)).collect();
    let starts: Vec<DateTime<Utc>> = content.sessions.iter().map(|session| session.starts_at).collect();
    let ends: Vec<DateTime<Utc>> = content.sessions.iter().map(|session| session.ends_at).collect();
    #[derive(QueryableByName)]
    #[allow(clippy::items_after_statements, reason = "the row of the one statement below")]
    struct Standing {
        #[diesel(sql_type = Bool)]
        standing: bool,
    }
    let standing: Standing = cached(
        sql_query(
            "SELECT EXISTS (SELECT FROM event_sessions s WHERE s.territory_id = $1 AND s.event_id = $2 \
               AND s.recorded_at IS NOT NULL AND NOT EXISTS ( \
                 SELECT FROM unnest($3, $4, $5) AS n (id, starts_at, ends_at) \
                 WHERE (n.id, n.starts_at, n.ends_at) = (s.id, s.starts_at, s.ends_at))) AS standing",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(event_id)
        .bind::<Array<SqlUuid>, _>(&ids)
        .bind::<Array<Timestamptz>, _>(&starts)
        .bind::<Array<Timestamptz>, _>(&ends),
    )
    .get_result(connection)
    .await?;
    if standing.standing {
        return Ok(SessionsKept::AttendanceStands);
    }
    cached(
        sql_query(
            "WITH gone AS ( \
               DELETE FROM event_sessions WHERE territory_id = $1 AND event_id = $2 AND id <> ALL ($3) \
             ) \
             INSERT INTO event_sessions (territory_id, event_id, id, starts_at, ends_at) \
             SELECT $1, $2, * FROM unnest($3, $4, $5) \
             ON CONFLICT (id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(event_id)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Timestamptz>, _>(starts)
        .bind::<Array<Timestamptz>, _>(ends),
    )
    .execute(connection)
    .await?;
    Ok(SessionsKept::Written)
}

/// Moves an event that the transaction holds.
pub async fn set_state(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    state: EventState,
) -> QueryResult<()> {
    cached(
        sql_query("UPDATE events SET state = $3, version = version + 1 WHERE territory_id = $1 AND id = $2")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id)
            .bind::<Text, _>(state),
    )
    .execute(connection)
    .await?;
    Ok(())
}
