use super::{Job, JobState};
use crate::db::{cached, schema::jobs};
use crate::{Actor, new_id, now};
use chrono::{DateTime, Duration, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use uuid::Uuid;

/// A job lost by its process is taken up again after this long without a sign of life.
pub(super) const LEASE_SECONDS: i64 = 20;

/// What a new job is.
#[derive(Debug)]
pub struct NewJob<'a> {
    pub kind: &'a str,
    /// The organisation whose job it is; `None` for the agency's own.
    pub organisation_id: Option<Uuid>,
    pub parameters: Value,
    /// [`JobState::Receiving`] while its input arrives, else [`JobState::Queued`].
    pub state: JobState,
    pub total: Option<i64>,
}

/// Creates a job; the runner takes it up once the transaction commits.
pub async fn create(connection: &mut AsyncPgConnection, actor: &Actor, job: NewJob<'_>) -> QueryResult<Job> {
    diesel::insert_into(jobs::table)
        .values((
            jobs::id.eq(new_id()),
            jobs::territory_id.eq(actor.territory_id),
            jobs::organisation_id.eq(job.organisation_id),
            jobs::created_by.eq(actor.id),
            jobs::kind.eq(job.kind),
            jobs::state.eq(job.state.as_str()),
            jobs::parameters.eq(job.parameters),
            jobs::total.eq(job.total),
            jobs::created_at.eq(now()),
            jobs::lease_until.eq(lease()),
        ))
        .returning(Job::as_returning())
        .get_result(connection)
        .await
}

pub(super) fn lease() -> DateTime<Utc> {
    now() + Duration::seconds(LEASE_SECONDS)
}

/// A job of the caller's territory with the organisation it belongs to.
pub async fn find<C>(connection: &mut C, territory_id: Uuid, id: Uuid) -> QueryResult<(Job, Option<Uuid>)>
where
    C: diesel_async::AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    jobs::table
        .filter(jobs::territory_id.eq(territory_id))
        .filter(jobs::id.eq(id))
        .select((Job::as_select(), jobs::organisation_id))
        .get_result(connection)
        .await
}

/// Jobs of a territory, newest first, before the job `before`: of the organisations named, or all.
pub async fn list<C>(
    connection: &mut C,
    territory_id: Uuid,
    organisations: Option<&[Uuid]>,
    before: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<Job>>
where
    C: diesel_async::AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    let mut query = jobs::table.filter(jobs::territory_id.eq(territory_id)).into_boxed();
    if let Some(organisations) = organisations {
        query = query.filter(jobs::organisation_id.eq_any(organisations));
    }
    if let Some(before) = before {
        query = query.filter(jobs::id.lt(before));
    }
    query.order(jobs::id.desc()).limit(limit + 1).select(Job::as_select()).load(connection).await
}

/// Locks a running job for the rest of the transaction. False when another process has taken it up
/// and gone further than `done`: whoever asks has been thought dead and must stop.
pub async fn hold(connection: &mut AsyncPgConnection, id: Uuid, done: i64) -> QueryResult<bool> {
    let held = jobs::table
        .find(id)
        .filter(jobs::state.eq(JobState::Running.as_str()))
        .filter(jobs::done.eq(done))
        .select(jobs::id)
        .for_update()
        .get_result::<Uuid>(connection)
        .await
        .optional()?;
    Ok(held.is_some())
}

/// Records progress and the point from which to resume, in the transaction that made the progress.
pub async fn set_progress(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    done: i64,
    rows_in_error: i64,
    resume_point: &Value,
) -> QueryResult<()> {
    cached(
        diesel::sql_query(
            "UPDATE jobs SET done = $2, rows_in_error = $3, resume_point = $4, attempts = 0, \
             lease_until = now() + interval '20 seconds' WHERE id = $1",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<BigInt, _>(done)
        .bind::<BigInt, _>(rows_in_error)
        .bind::<Jsonb, _>(resume_point),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a job well and removes its sealed input.
pub async fn finish(connection: &mut AsyncPgConnection, id: Uuid, result: &Value) -> QueryResult<()> {
    end(connection, id, JobState::Succeeded, Some(result), None).await
}

/// Ends a job badly, with the stable code of the reason.
pub async fn fail(connection: &mut AsyncPgConnection, id: Uuid, state: JobState, code: &str) -> QueryResult<()> {
    end(connection, id, state, None, Some(code)).await
}

pub(super) async fn end(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    state: JobState,
    result: Option<&Value>,
    failure_code: Option<&str>,
) -> QueryResult<()> {
    diesel::sql_query(
        "WITH cleared AS (DELETE FROM job_inputs WHERE job_id = $1) \
         UPDATE jobs SET state = $2, result = $3, failure_code = $4, finished_at = now(), lease_until = NULL, \
         total = CASE WHEN $2 = 'succeeded' THEN done ELSE total END WHERE id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(state.as_str())
    .bind::<Nullable<Jsonb>, _>(result)
    .bind::<Nullable<Text>, _>(failure_code)
    .execute(connection)
    .await?;
    Ok(())
}

/// A job taken up by the runner.
#[derive(Debug, Queryable)]
pub(super) struct Claimed {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub organisation_id: Option<Uuid>,
    pub kind: String,
    pub parameters: Value,
    pub resume_point: Option<Value>,
    /// How often it was taken up since it last made progress, this time included.
    pub attempts: i16,
}

/// Takes the oldest job that waits, or whose process has died.
pub(super) async fn claim(connection: &mut AsyncPgConnection) -> QueryResult<Option<Claimed>> {
    let waiting = jobs::table
        .filter(jobs::state.eq("queued").or(jobs::state.eq("running").and(jobs::lease_until.lt(now()))))
        .order(jobs::created_at)
        .select(jobs::id)
        .limit(1)
        .for_update()
        .skip_locked()
        .get_result::<Uuid>(connection)
        .await
        .optional()?;
    let Some(id) = waiting else { return Ok(None) };
    diesel::update(jobs::table.find(id))
        .set((
            jobs::state.eq("running"),
            jobs::lease_until.eq(lease()),
            jobs::attempts.eq(jobs::attempts + 1_i16),
            jobs::started_at.eq(sql("coalesce(started_at, now())")),
        ))
        .returning((
            jobs::id,
            jobs::territory_id,
            jobs::organisation_id,
            jobs::kind,
            jobs::parameters,
            jobs::resume_point,
            jobs::attempts,
        ))
        .get_result(connection)
        .await
        .optional()
}

/// Aborts uploads whose sender or receiver has gone.
pub(super) async fn abort_lost_uploads(connection: &mut AsyncPgConnection) -> QueryResult<usize> {
    diesel::sql_query(
        "WITH lost AS (UPDATE jobs SET state = 'aborted', failure_code = 'upload_interrupted', finished_at = now(), \
         lease_until = NULL WHERE state = 'receiving' AND lease_until < now() RETURNING id) \
         DELETE FROM job_inputs WHERE job_id IN (SELECT id FROM lost)",
    )
    .execute(connection)
    .await
}
