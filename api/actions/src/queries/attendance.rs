use crate::attendance::EventAttendance;
use concilia_kernel::db::cached;
use concilia_kernel::now;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use std::collections::HashSet;
use uuid::Uuid;

pub async fn find<C>(
    connection: &mut C,
    territory_id: Uuid,
    event_id: Uuid,
    session_id: Uuid,
) -> QueryResult<Option<EventAttendance>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT s.id AS session_id, s.starts_at, s.ends_at, s.recorded_at, s.version, \
                    ARRAY(SELECT a.sign_up_id FROM event_attendance a WHERE a.session_id = s.id ORDER BY a.sign_up_id) \
                      AS present \
               FROM event_sessions s WHERE s.territory_id = $1 AND s.event_id = $2 AND s.id = $3",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(event_id)
        .bind::<SqlUuid, _>(session_id),
    )
    .get_result(connection)
    .await
    .optional()
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Those of `sign_ups` that have a place at the event.
pub async fn with_a_place(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    event_id: Uuid,
    sign_ups: &[Uuid],
) -> QueryResult<HashSet<Uuid>> {
    let found: Vec<Id> = cached(
        sql_query(
            "SELECT id FROM event_sign_ups WHERE territory_id = $1 AND event_id = $2 AND state = 'confirmed' \
             AND id = ANY($3)",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(event_id)
        .bind::<Array<SqlUuid>, _>(sign_ups),
    )
    .load(connection)
    .await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// Makes `present` the attendance of a session of an event that the transaction holds.
pub async fn write(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    (event_id, session_id): (Uuid, Uuid),
    present: &[Uuid],
    recorded_by: Uuid,
) -> QueryResult<()> {
    cached(
        sql_query(
            "WITH gone AS ( \
               DELETE FROM event_attendance WHERE territory_id = $1 AND session_id = $3 AND sign_up_id <> ALL ($4) \
             ), come AS ( \
               INSERT INTO event_attendance (territory_id, event_id, session_id, sign_up_id) \
               SELECT $1, $2, $3, unnest($4) ON CONFLICT DO NOTHING \
             ) \
             UPDATE event_sessions SET recorded_at = $6, recorded_by = $5, version = version + 1 \
             WHERE territory_id = $1 AND id = $3",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(event_id)
        .bind::<SqlUuid, _>(session_id)
        .bind::<Array<SqlUuid>, _>(present)
        .bind::<SqlUuid, _>(recorded_by)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many sessions of the event have no attendance recorded.
pub async fn unrecorded_sessions(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    event_id: Uuid,
) -> QueryResult<i64> {
    let row: Count = cached(
        sql_query(
            "SELECT count(*) AS count FROM event_sessions \
             WHERE territory_id = $1 AND event_id = $2 AND recorded_at IS NULL",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(event_id),
    )
    .get_result(connection)
    .await?;
    Ok(row.count)
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Bool)]
    found: bool,
}

/// Whether anybody was recorded as present at any session of the event.
pub async fn is_any_recorded(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    event_id: Uuid,
) -> QueryResult<bool> {
    let row: Found = cached(
        sql_query(
            "SELECT EXISTS (SELECT FROM event_sessions s JOIN event_attendance a ON a.session_id = s.id \
               WHERE s.territory_id = $1 AND s.event_id = $2) AS found",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(event_id),
    )
    .get_result(connection)
    .await?;
    Ok(row.found)
}
