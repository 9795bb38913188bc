//! The body of an upload, kept sealed in pieces until the job has ended.

use super::queries::end;
use super::{Job, JobState};
use crate::db::{cached, schema::job_inputs, schema::jobs};
use crate::now;
use diesel::prelude::*;
use diesel::sql_types::{Binary, Integer, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Whether a caller's upload under this `Idempotency-Key` is arriving right now.
///
/// An upload whose sender and receiver have gone stops counting when its lease ends.
/// Upload jobs keep their key as `idempotency_key` among their parameters.
pub async fn is_receiving(connection: &mut AsyncPgConnection, caller: Uuid, key: &str) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        jobs::table
            .filter(jobs::created_by.eq(caller))
            .filter(jobs::state.eq(JobState::Receiving.as_str()))
            .filter(jobs::lease_until.gt(now()))
            .filter(jobs::parameters.contains(serde_json::json!({ "idempotency_key": key }))),
    ))
    .get_result(connection)
    .await
}

/// Stores one piece of an upload and extends the job's lease. False when the job no longer receives.
///
/// The commit does not wait for the disk: [`enqueue`] does, and makes all pieces durable at once.
pub async fn append_input(
    connection: &mut AsyncPgConnection,
    job_id: Uuid,
    sequence: i32,
    sealed: &[u8],
) -> QueryResult<bool> {
    let stored = cached(
        diesel::sql_query(
            "WITH relaxed AS (SELECT set_config('synchronous_commit', 'off', true)), \
             kept AS (UPDATE jobs SET lease_until = now() + interval '20 seconds' FROM relaxed \
                      WHERE id = $1 AND state = 'receiving' RETURNING id) \
             INSERT INTO job_inputs (job_id, sequence, payload) SELECT id, $2, $3 FROM kept",
        )
        .bind::<SqlUuid, _>(job_id)
        .bind::<Integer, _>(sequence)
        .bind::<Binary, _>(sealed),
    )
    .execute(connection)
    .await?;
    Ok(stored == 1)
}

/// Shows that an upload is alive though it sends little. False when the job no longer receives.
pub async fn extend_upload(connection: &mut AsyncPgConnection, job_id: Uuid) -> QueryResult<bool> {
    let extended = cached(
        diesel::sql_query(
            "UPDATE jobs SET lease_until = now() + interval '20 seconds' WHERE id = $1 AND state = 'receiving'",
        )
        .bind::<SqlUuid, _>(job_id),
    )
    .execute(connection)
    .await?;
    Ok(extended == 1)
}

/// Hands a wholly received job to the runner; not found when it has been aborted meanwhile.
pub async fn enqueue(connection: &mut AsyncPgConnection, job_id: Uuid) -> QueryResult<Job> {
    diesel::update(jobs::table.find(job_id).filter(jobs::state.eq(JobState::Receiving.as_str())))
        .set((
            jobs::state.eq(JobState::Queued.as_str()),
            jobs::lease_until.eq(None::<chrono::DateTime<chrono::Utc>>),
        ))
        .returning(Job::as_returning())
        .get_result(connection)
        .await
}

/// Ends a job whose input will not arrive whole, and removes what arrived. Others are left alone.
pub async fn abort_upload(connection: &mut AsyncPgConnection, job_id: Uuid, code: &str) -> QueryResult<()> {
    let receiving = jobs::table
        .find(job_id)
        .filter(jobs::state.eq(JobState::Receiving.as_str()))
        .select(jobs::id)
        .for_update()
        .get_result::<Uuid>(connection)
        .await
        .optional()?;
    match receiving {
        Some(id) => end(connection, id, JobState::Aborted, None, Some(code)).await,
        None => Ok(()),
    }
}

/// One sealed piece of a job's input; `None` after the last.
pub async fn read_input<C>(connection: &mut C, job_id: Uuid, sequence: i32) -> QueryResult<Option<Vec<u8>>>
where
    C: AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    job_inputs::table.find((job_id, sequence)).select(job_inputs::payload).get_result(connection).await.optional()
}
