use super::FinalScore;
use chrono::NaiveDate;
use concilia_kernel::db::cached;
use concilia_kernel::new_id;
use concilia_planning::Points;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Date, Nullable, Numeric, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = SqlUuid)]
    project_id: Uuid,
    #[diesel(sql_type = SmallInt)]
    number: i16,
    #[diesel(sql_type = Numeric)]
    score: Points,
}

async fn last<C>(connection: &mut C, territory_id: Uuid, project_call_id: Uuid) -> QueryResult<Vec<Last>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT DISTINCT ON (project_id) project_id, number, score FROM final_scores \
             WHERE territory_id = $1 AND project_call_id = $2 ORDER BY project_id, number DESC",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_call_id),
    )
    .load(connection)
    .await
}

/// The committee's final score of each project of a call that has one: the last, where one was corrected.
pub async fn final_scores<C>(
    connection: &mut C,
    territory_id: Uuid,
    project_call_id: Uuid,
) -> QueryResult<Vec<(Uuid, Points)>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let rows = last(connection, territory_id, project_call_id).await?;
    Ok(rows.into_iter().map(|row| (row.project_id, row.score)).collect())
}

/// The number of each project's last score.
pub(super) async fn numbers(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_call_id: Uuid,
) -> QueryResult<HashMap<Uuid, i16>> {
    let rows = last(connection, territory_id, project_call_id).await?;
    Ok(rows.into_iter().map(|row| (row.project_id, row.number)).collect())
}

/// Whether a meeting could decide, and when it was.
#[derive(Clone, Copy, QueryableByName)]
pub(super) struct Meeting {
    /// Whether it is a meeting of the committee that was held with its quorum.
    #[diesel(sql_type = Bool)]
    pub decided: bool,
    /// Whether its minutes are validated.
    #[diesel(sql_type = Bool)]
    pub validated: bool,
    /// The day of the meeting in Italy, if there is one.
    #[diesel(sql_type = Nullable<Date>)]
    pub day: Option<NaiveDate>,
}

pub(super) async fn meeting(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    meeting_id: Uuid,
) -> QueryResult<Meeting> {
    cached(
        sql_query(
            "SELECT committee_decided_at($1, $2) AS decided, minutes_validated_of($1, $2) AS validated, \
               day_of_meeting($1, $2) AS day",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(meeting_id),
    )
    .get_result(connection)
    .await
}

/// Those of the projects on which the committee's last motion, in any of its meetings, was rejected.
pub(super) async fn rejected(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    projects: &[Uuid],
) -> QueryResult<Vec<Uuid>> {
    #[derive(QueryableByName)]
    struct Rejected {
        #[diesel(sql_type = SqlUuid)]
        project_id: Uuid,
    }
    let rows: Vec<Rejected> = cached(
        sql_query("SELECT project_id FROM projects_rejected($1, $2)")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<Array<SqlUuid>, _>(projects),
    )
    .load(connection)
    .await?;
    Ok(rows.into_iter().map(|row| row.project_id).collect())
}

/// A score to write.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewScore {
    pub project_id: Uuid,
    pub number: i16,
    pub score: Points,
}

/// What the scores of one decision have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decision<'a> {
    pub territory_id: Uuid,
    pub project_call_id: Uuid,
    pub minutes_act: &'a str,
    pub minutes_date: NaiveDate,
    pub meeting_id: Option<Uuid>,
    /// Written to corrections only.
    pub correction_reason: Option<&'a str>,
    pub recorded_by: Option<Uuid>,
}

pub(super) async fn insert(
    connection: &mut AsyncPgConnection,
    decision: &Decision<'_>,
    scores: &[NewScore],
) -> QueryResult<()> {
    let ids: Vec<Uuid> = scores.iter().map(|_| new_id()).collect();
    let projects: Vec<Uuid> = scores.iter().map(|new| new.project_id).collect();
    let numbers: Vec<i16> = scores.iter().map(|new| new.number).collect();
    let points: Vec<Points> = scores.iter().map(|new| new.score).collect();
    cached(
        sql_query(
            "INSERT INTO final_scores (id, territory_id, project_call_id, project_id, number, score, minutes_act, \
               minutes_date, meeting_id, correction_reason, recorded_by) \
             SELECT n.id, $1, $2, n.project_id, n.number, n.score, $7, $8, $9, CASE WHEN n.number > 1 THEN $10 END, $11 \
             FROM unnest($3, $4, $5, $6) AS n (id, project_id, number, score)",
        )
        .bind::<SqlUuid, _>(decision.territory_id)
        .bind::<SqlUuid, _>(decision.project_call_id)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<SqlUuid>, _>(projects)
        .bind::<Array<SmallInt>, _>(numbers)
        .bind::<Array<Numeric>, _>(points)
        .bind::<Text, _>(decision.minutes_act)
        .bind::<Date, _>(decision.minutes_date)
        .bind::<Nullable<SqlUuid>, _>(decision.meeting_id)
        .bind::<Nullable<Text>, _>(decision.correction_reason)
        .bind::<Nullable<SqlUuid>, _>(decision.recorded_by),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A score that the acts of the past give a project.
#[derive(Debug, Clone, Copy)]
pub struct LoadedScore {
    pub project_id: Uuid,
    /// Not above the sum of the grid's maxima.
    pub score: Points,
}

/// Loads the final scores of a past evaluation, with the number and date of its minutes. The projects have none yet; their
/// states and the call's are the caller's to load.
pub async fn load_final_scores(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_call_id: Uuid,
    (minutes_act, minutes_date): (&str, NaiveDate),
    scores: &[LoadedScore],
) -> QueryResult<()> {
    let decision = Decision {
        territory_id,
        project_call_id,
        minutes_act,
        minutes_date,
        meeting_id: None,
        correction_reason: None,
        recorded_by: None,
    };
    let new =
        scores.iter().map(|loaded| NewScore { project_id: loaded.project_id, number: 1, score: loaded.score });
    insert(connection, &decision, &new.collect::<Vec<_>>()).await
}

/// A page of the scores of a call, first recorded first, without those of projects that `barred` is in conflict with.
pub(super) async fn list<C>(
    connection: &mut C,
    territory_id: Uuid,
    project_call_id: Uuid,
    barred: Option<Uuid>,
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<FinalScore>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT f.id, f.project_id, p.reference, f.number, f.score, f.minutes_act, f.minutes_date, f.meeting_id, \
               f.correction_reason, f.recorded_at, \
               EXISTS (SELECT FROM final_scores l WHERE l.project_id = f.project_id AND l.number > f.number) AS superseded \
             FROM final_scores f JOIN evaluated_projects p ON p.territory_id = $1 AND p.project_id = f.project_id \
             WHERE f.territory_id = $1 AND f.project_call_id = $2 AND ($4 IS NULL OR f.id > $4) \
               AND ($3 IS NULL OR f.project_id NOT IN ( \
                 SELECT i.project_id FROM conflicts_of_interest($1, ARRAY[$3]) i)) \
             ORDER BY f.id LIMIT $5",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_call_id)
        .bind::<Nullable<SqlUuid>, _>(barred)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}
