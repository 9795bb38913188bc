use crate::rules::SessionState;
use crate::schema::service_sessions;
use crate::service_sessions::ServiceSession;
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::new_id;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Uuid as SqlUuid;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Which sessions of a service to read.
#[derive(Debug)]
pub struct Window {
    pub starts_from: DateTime<Utc>,
    pub starts_before: DateTime<Utc>,
    pub after: Option<(DateTime<Utc>, Uuid)>,
}

/// Sessions of a service of any territory, in the order of their start.
pub async fn page<C>(
    conn: &mut C,
    service_id: Uuid,
    window: Window,
    limit: i64,
) -> QueryResult<Vec<ServiceSession>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let (starts_at, id) = window.after.unwrap_or_default();
    let starts_at = starts_at.max(window.starts_from);
    cached(
        service_sessions::table
            .filter(service_sessions::service_id.eq(service_id))
            .filter(service_sessions::starts_at.lt(window.starts_before))
            .filter(service_sessions::starts_at.ge(starts_at))
            .filter(service_sessions::starts_at.gt(starts_at).or(service_sessions::id.gt(id)))
            .order((service_sessions::starts_at, service_sessions::id))
            .limit(limit)
            .select(ServiceSession::as_select()),
    )
    .load(conn)
    .await
}

pub async fn insert(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    service_id: Uuid,
    (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
    capacity: i32,
) -> QueryResult<ServiceSession> {
    diesel::insert_into(service_sessions::table)
        .values((
            service_sessions::id.eq(new_id()),
            service_sessions::territory_id.eq(territory_id),
            service_sessions::service_id.eq(service_id),
            service_sessions::starts_at.eq(starts_at),
            service_sessions::ends_at.eq(ends_at),
            service_sessions::capacity.eq(capacity),
        ))
        .returning(ServiceSession::as_returning())
        .get_result(conn)
        .await
}

/// Locks a session of a service until the transaction ends, as those who take its places do (`take_places`): its state and
/// the places it has given.
pub async fn lock(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    service_id: Uuid,
    session_id: Uuid,
) -> QueryResult<(SessionState, i32)> {
    let queue = sql_query("SELECT pg_advisory_xact_lock(session_lock($1))").bind::<SqlUuid, _>(session_id);
    cached(queue).execute(conn).await?;
    service_sessions::table
        .filter(service_sessions::territory_id.eq(territory_id))
        .filter(service_sessions::service_id.eq(service_id))
        .filter(service_sessions::id.eq(session_id))
        .for_no_key_update()
        .select((service_sessions::state, service_sessions::places_taken))
        .get_result(conn)
        .await
}

pub async fn cancel(conn: &mut AsyncPgConnection, session_id: Uuid) -> QueryResult<ServiceSession> {
    diesel::update(service_sessions::table.find(session_id))
        .set(service_sessions::state.eq(SessionState::Cancelled))
        .returning(ServiceSession::as_returning())
        .get_result(conn)
        .await
}
