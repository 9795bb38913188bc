use chrono::{DateTime, Utc};
use concilia_kernel::Problem;
use concilia_kernel::db::cached;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Integer, SmallInt, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// How long somebody with a place was present.
#[derive(QueryableByName)]
pub struct Attended {
    #[diesel(sql_type = SqlUuid)]
    pub sign_up_id: Uuid,
    /// Whole minutes of each session, as those of the event are counted.
    #[diesel(sql_type = BigInt)]
    pub minutes: i64,
}

/// The minutes attended by each person who was present at all, in the order of signing up.
pub async fn attended_minutes<C>(
    connection: &mut C,
    territory_id: Uuid,
    event_id: Uuid,
) -> QueryResult<Vec<Attended>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT u.id AS sign_up_id, sum(floor(extract(epoch FROM s.ends_at - s.starts_at) / 60))::bigint AS minutes \
               FROM event_sign_ups u \
               JOIN event_attendance a ON a.sign_up_id = u.id \
               JOIN event_sessions s ON s.id = a.session_id \
              WHERE u.territory_id = $1 AND u.event_id = $2 AND u.state = 'confirmed' \
              GROUP BY u.id, u.position ORDER BY u.position",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(event_id),
    )
    .load(connection)
    .await
}

/// Takes the next `count` numbers of the territory and year, and tells the first.
pub async fn take_numbers(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    year: i16,
    count: usize,
) -> Result<i32, Problem> {
    #[derive(QueryableByName)]
    struct Counter {
        #[diesel(sql_type = Integer)]
        last: i32,
    }
    let count = i32::try_from(count).map_err(Problem::internal)?;
    let counter: Counter = cached(
        sql_query(
            "INSERT INTO event_certificate_counters (territory_id, year, last) VALUES ($1, $2, $3) \
             ON CONFLICT (territory_id, year) DO UPDATE SET last = event_certificate_counters.last + $3 RETURNING last",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SmallInt, _>(year)
        .bind::<Integer, _>(count),
    )
    .get_result(connection)
    .await?;
    Ok(counter.last - count + 1)
}

/// A certificate to issue.
#[derive(Debug)]
pub struct NewCertificate {
    pub sign_up_id: Uuid,
    pub attended_minutes: i64,
}

/// What the certificates of an event have in common.
#[derive(Debug, Clone, Copy)]
pub struct Stamp {
    pub territory_id: Uuid,
    pub year: i16,
    pub first: i32,
    pub total_minutes: i64,
    pub issued_by: Uuid,
    pub issued_at: DateTime<Utc>,
}

pub async fn insert(
    connection: &mut AsyncPgConnection,
    stamp: Stamp,
    certificates: &[NewCertificate],
) -> QueryResult<()> {
    let sign_ups: Vec<Uuid> = certificates.iter().map(|certificate| certificate.sign_up_id).collect();
    let minutes: Vec<i64> = certificates.iter().map(|certificate| certificate.attended_minutes).collect();
    cached(
        sql_query(
            "INSERT INTO event_certificates (sign_up_id, territory_id, year, number, attended_minutes, total_minutes, \
               issued_by, issued_at) \
             SELECT n.id, $1, $2, $3 + n.nth::int - 1, n.minutes::int, $4::int, $5, $8 \
               FROM unnest($6, $7) WITH ORDINALITY AS n (id, minutes, nth)",
        )
        .bind::<SqlUuid, _>(stamp.territory_id)
        .bind::<SmallInt, _>(stamp.year)
        .bind::<Integer, _>(stamp.first)
        .bind::<BigInt, _>(stamp.total_minutes)
        .bind::<SqlUuid, _>(stamp.issued_by)
        .bind::<Array<SqlUuid>, _>(sign_ups)
        .bind::<Array<BigInt>, _>(minutes)
        .bind::<Timestamptz, _>(stamp.issued_at),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A certificate as it was issued.
#[derive(Debug, QueryableByName)]
pub struct IssuedCertificate {
    #[diesel(sql_type = SmallInt)]
    pub year: i16,
    /// From 1 in the territory and year.
    #[diesel(sql_type = Integer)]
    pub number: i32,
    #[diesel(sql_type = Integer)]
    pub attended_minutes: i32,
    /// Minutes of all sessions of the event.
    #[diesel(sql_type = Integer)]
    pub total_minutes: i32,
    #[diesel(sql_type = Timestamptz)]
    pub issued_at: DateTime<Utc>,
}

/// The certificate of a sign-up, if one was issued.
pub async fn find<C>(
    connection: &mut C,
    territory_id: Uuid,
    sign_up_id: Uuid,
) -> QueryResult<Option<IssuedCertificate>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT year, number, attended_minutes, total_minutes, issued_at FROM event_certificates \
              WHERE territory_id = $1 AND sign_up_id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(sign_up_id),
    )
    .get_result(connection)
    .await
    .optional()
}
