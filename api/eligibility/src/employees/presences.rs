//! Who a full push names, and the end of the others.

use concilia_kernel::db::cached;
use concilia_kernel::{now, today};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::serialize::ToSql;
use diesel::sql_types::{Array, Date, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

pub(super) async fn note<A>(connection: &mut AsyncPgConnection, job_id: Uuid, external_ids: A) -> QueryResult<()>
where
    A: ToSql<Array<Text>, Pg> + Send,
{
    cached(
        diesel::sql_query(
            "INSERT INTO import_presences (job_id, external_id) SELECT $1, unnest($2) ON CONFLICT DO NOTHING",
        )
        .bind::<SqlUuid, _>(job_id)
        .bind::<Array<Text>, _>(external_ids),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that a full push names these employees, even in rows at fault.
pub(crate) async fn note_presences(
    connection: &mut AsyncPgConnection,
    job_id: Uuid,
    external_ids: &[String],
) -> QueryResult<()> {
    if external_ids.is_empty() {
        return Ok(());
    }
    note(connection, job_id, external_ids).await
}

/// Ends today the employment of those whom a full push did not name; returns how many. Who is to
/// begin later ends on the day of the beginning.
pub(crate) async fn end_missing(
    connection: &mut AsyncPgConnection,
    employer_id: Uuid,
    job_id: Uuid,
) -> QueryResult<i64> {
    let ended = diesel::sql_query(
        "UPDATE employees e SET employed_to = greatest($3, employed_from), updated_at = $4 \
         WHERE employer_id = $1 AND (employed_to IS NULL OR employed_to > greatest($3, employed_from)) \
         AND NOT EXISTS (SELECT FROM import_presences p WHERE p.job_id = $2 AND p.external_id = e.external_id)",
    )
    .bind::<SqlUuid, _>(employer_id)
    .bind::<SqlUuid, _>(job_id)
    .bind::<Date, _>(today())
    .bind::<Timestamptz, _>(now())
    .execute(connection)
    .await?;
    Ok(ended as i64)
}

/// Removes the notes once they have served.
pub(crate) async fn forget_presences(connection: &mut AsyncPgConnection, job_id: Uuid) -> QueryResult<()> {
    diesel::sql_query("DELETE FROM import_presences WHERE job_id = $1")
        .bind::<SqlUuid, _>(job_id)
        .execute(connection)
        .await?;
    Ok(())
}
