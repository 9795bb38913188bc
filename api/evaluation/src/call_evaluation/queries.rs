use super::call_evaluation_view::{CriterionSpread, EvaluationSummary, Spread};
use crate::conflicts::ConflictGround;
use chrono::{DateTime, Utc};
use concilia_kernel::db::{Gathered, cached};
use concilia_planning::{Points, ProjectState};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Integer, Jsonb, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use uuid::Uuid;

/// Whether the scoring of a call is closed.
pub(crate) async fn is_closed<C>(
    connection: &mut C,
    territory_id: Uuid,
    project_call_id: Uuid,
) -> QueryResult<bool>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    #[derive(QueryableByName)]
    struct Closed {
        #[diesel(sql_type = Bool)]
        closed: bool,
    }
    let found: Closed = cached(
        sql_query(
            "SELECT EXISTS (SELECT FROM evaluation_closures WHERE territory_id = $1 AND project_call_id = $2) AS closed",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_call_id),
    )
    .get_result(connection)
    .await?;
    Ok(found.closed)
}

#[derive(QueryableByName)]
struct SummaryRow {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    closed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    incomplete_reason: Option<String>,
    #[diesel(sql_type = Integer)]
    projects: i32,
    #[diesel(sql_type = Integer)]
    complete_projects: i32,
    #[diesel(sql_type = Integer)]
    expected_scorecards: i32,
    #[diesel(sql_type = Integer)]
    counted_scorecards: i32,
}

/// How many seats each project was to be scored by: as it stood at the closing, or as it stands.
const COMPLETENESS: &str = "completeness AS ( \
      SELECT k.project_id, k.expected, k.missing, k.counted FROM evaluation_closure_projects k \
      WHERE k.territory_id = $1 AND k.project_call_id = $2 \
      UNION ALL \
      SELECT e.project_id, e.expected, e.missing, e.counted FROM evaluation_completeness($1, $2) e \
      WHERE NOT EXISTS (SELECT FROM evaluation_closures k WHERE k.project_call_id = $2) \
    )";

/// How far the evaluation of a call has come.
pub(super) async fn summary<C>(
    connection: &mut C,
    territory_id: Uuid,
    project_call_id: Uuid,
) -> QueryResult<EvaluationSummary>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let row: SummaryRow = cached(
        sql_query(format!(
            "WITH {COMPLETENESS}, cards AS ( \
               SELECT count(*) AS counted FROM scorecards \
               WHERE territory_id = $1 AND project_call_id = $2 AND state = 'submitted' \
                 AND project_id IN (SELECT project_id FROM completeness) \
             ), sums AS ( \
               SELECT count(*) AS projects, count(*) FILTER (WHERE missing = 0 AND counted > 0) AS complete, \
                 coalesce(sum(expected), 0) AS expected FROM completeness \
             ) \
             SELECT k.closed_at, k.incomplete_reason, sums.projects::integer, sums.complete::integer AS complete_projects, \
               sums.expected::integer AS expected_scorecards, cards.counted::integer AS counted_scorecards \
             FROM sums CROSS JOIN cards \
             LEFT JOIN evaluation_closures k ON k.territory_id = $1 AND k.project_call_id = $2"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_call_id),
    )
    .get_result(connection)
    .await?;
    Ok(EvaluationSummary {
        project_call_id,
        closed_at: row.closed_at,
        incomplete_reason: row.incomplete_reason,
        projects: row.projects,
        complete_projects: row.complete_projects,
        expected_scorecards: row.expected_scorecards,
        counted_scorecards: row.counted_scorecards,
    })
}

/// An evaluator's progress, without names.
#[derive(QueryableByName)]
pub(super) struct ProgressRow {
    #[diesel(sql_type = SqlUuid)]
    pub account_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub organisation_id: Uuid,
    #[diesel(sql_type = Integer)]
    pub to_score: i32,
    #[diesel(sql_type = Integer)]
    pub submitted: i32,
    #[diesel(sql_type = Integer)]
    pub recused: i32,
}

/// The evaluators who sit, and those who sat and left a card.
pub(super) async fn progress<C>(
    connection: &mut C,
    territory_id: Uuid,
    project_call_id: Uuid,
) -> QueryResult<Vec<ProgressRow>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "WITH people AS MATERIALIZED ( \
               SELECT account_id, organisation_id FROM evaluator_seats($1) \
               UNION SELECT account_id, organisation_id FROM scorecards WHERE territory_id = $1 AND project_call_id = $2 \
             ), projects AS MATERIALIZED ( \
               SELECT project_id FROM evaluated_projects WHERE territory_id = $1 AND project_call_id = $2 \
             ), barred AS ( \
               SELECT c.account_id, count(DISTINCT c.project_id) AS projects \
               FROM conflicts_of_interest($1, ARRAY(SELECT account_id FROM people)) c \
               WHERE c.project_id IN (SELECT project_id FROM projects) GROUP BY c.account_id \
             ), cards AS ( \
               SELECT account_id, organisation_id, count(*) AS submitted FROM scorecards \
               WHERE territory_id = $1 AND project_call_id = $2 AND state = 'submitted' \
                 AND project_id IN (SELECT project_id FROM projects) GROUP BY account_id, organisation_id \
             ) \
             SELECT p.account_id, p.organisation_id, coalesce(c.submitted, 0)::integer AS submitted, \
               coalesce(b.projects, 0)::integer AS recused, \
               ((SELECT count(*) FROM projects) - coalesce(b.projects, 0))::integer AS to_score \
             FROM people p LEFT JOIN barred b ON b.account_id = p.account_id \
             LEFT JOIN cards c ON c.account_id = p.account_id AND c.organisation_id = p.organisation_id \
             ORDER BY p.account_id, p.organisation_id",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_call_id),
    )
    .load(connection)
    .await
}

/// A project's evaluation, without names.
#[derive(QueryableByName)]
pub(super) struct ProjectRow {
    #[diesel(sql_type = SqlUuid)]
    pub project_id: Uuid,
    #[diesel(sql_type = Text)]
    pub reference: String,
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = SqlUuid)]
    pub lead_organisation_id: Uuid,
    #[diesel(sql_type = Text)]
    pub state: ProjectState,
    #[diesel(sql_type = Integer)]
    pub expected: i32,
    #[diesel(sql_type = Integer)]
    pub missing: i32,
    #[diesel(sql_type = Integer)]
    pub counted: i32,
    #[diesel(sql_type = Integer)]
    pub set_aside: i32,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub total: Option<Gathered<Spread>>,
    #[diesel(sql_type = Jsonb)]
    pub criteria: Gathered<Vec<CriterionSpread>>,
    #[diesel(sql_type = Jsonb)]
    pub recused: Gathered<Vec<RecusalRow>>,
    #[diesel(sql_type = Nullable<Numeric>)]
    pub final_score: Option<Points>,
}

/// A recusal, without names.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct RecusalRow {
    pub account_id: Uuid,
    pub organisation_id: Uuid,
    pub ground: ConflictGround,
    pub found_at: DateTime<Utc>,
}

macro_rules! spread {
    ($points:literal) => {
        concat!(
            "jsonb_build_object('average', round(avg(",
            $points,
            "), 2)::text, \
               'deviation', round(stddev_pop(",
            $points,
            "), 2)::text, 'minimum', min(",
            $points,
            ")::text, \
               'maximum', max(",
            $points,
            ")::text)"
        )
    };
}

/// A page of the projects of a call, in the order of their identifiers, without those that `barred` is in conflict with.
/// Points are aggregated only once the scoring is closed.
pub(super) async fn projects<C>(
    connection: &mut C,
    territory_id: Uuid,
    project_call_id: Uuid,
    barred: Option<Uuid>,
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<ProjectRow>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "WITH {COMPLETENESS}, page AS MATERIALIZED ( \
               SELECT p.* FROM evaluated_projects p WHERE p.territory_id = $1 AND p.project_call_id = $2 \
                 AND ($3 IS NULL OR p.project_id NOT IN ( \
                   SELECT i.project_id FROM conflicts_of_interest($1, ARRAY[$3]) i)) \
                 AND ($4 IS NULL OR p.project_id > $4) ORDER BY p.project_id LIMIT $5 \
             ), cards AS MATERIALIZED ( \
               SELECT s.id, s.project_id, s.state FROM scorecards s \
               WHERE s.territory_id = $1 AND s.project_id IN (SELECT project_id FROM page) AND s.state <> 'draft' \
             ), points AS MATERIALIZED ( \
               SELECT c.project_id, p.scorecard_id, p.criterion, p.points FROM cards c \
               JOIN scorecard_points p ON p.scorecard_id = c.id \
               WHERE c.state = 'submitted' AND EXISTS (SELECT FROM evaluation_closures k WHERE k.project_call_id = $2) \
             ), totals AS ( \
               SELECT t.project_id, {of_total} AS spread \
               FROM (SELECT project_id, sum(points) AS total FROM points GROUP BY project_id, scorecard_id) t \
               GROUP BY t.project_id \
             ), criteria AS ( \
               SELECT t.project_id, jsonb_agg(jsonb_build_object('criterion', t.criterion, 'spread', t.spread) \
                 ORDER BY g.position) AS spreads \
               FROM (SELECT project_id, criterion, {of_criterion} AS spread FROM points GROUP BY project_id, criterion) t \
               JOIN evaluation_criteria g ON g.project_call_id = $2 AND g.code = t.criterion GROUP BY t.project_id \
             ), counts AS ( \
               SELECT project_id, count(*) FILTER (WHERE state = 'submitted') AS counted, \
                 count(*) FILTER (WHERE state = 'set_aside') AS set_aside FROM cards GROUP BY project_id \
             ), barred AS ( \
               SELECT r.project_id, jsonb_agg(jsonb_build_object('account_id', r.account_id, \
                 'organisation_id', r.organisation_id, 'ground', r.ground, 'found_at', r.found_at) ORDER BY r.found_at, r.id) \
                 AS recused \
               FROM recusals r WHERE r.territory_id = $1 AND r.project_id IN (SELECT project_id FROM page) \
               GROUP BY r.project_id \
             ) \
             SELECT p.project_id, p.reference, p.title, p.lead_organisation_id, p.state, \
               coalesce(e.expected, 0) AS expected, coalesce(e.missing, 0) AS missing, \
               coalesce(n.counted, 0)::integer AS counted, coalesce(n.set_aside, 0)::integer AS set_aside, \
               t.spread AS total, coalesce(c.spreads, '[]') AS criteria, coalesce(b.recused, '[]') AS recused, \
               (SELECT f.score FROM final_scores f WHERE f.project_id = p.project_id ORDER BY f.number DESC LIMIT 1) \
                 AS final_score \
             FROM page p LEFT JOIN completeness e ON e.project_id = p.project_id \
             LEFT JOIN totals t ON t.project_id = p.project_id LEFT JOIN criteria c ON c.project_id = p.project_id \
             LEFT JOIN counts n ON n.project_id = p.project_id LEFT JOIN barred b ON b.project_id = p.project_id \
             ORDER BY p.project_id",
            of_total = spread!("t.total"),
            of_criterion = spread!("points"),
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_call_id)
        .bind::<Nullable<SqlUuid>, _>(barred)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

/// References of projects of a call that are not complete, the first of them.
pub(super) async fn incomplete(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_call_id: Uuid,
    limit: i64,
) -> QueryResult<Vec<String>> {
    #[derive(QueryableByName)]
    struct Reference {
        #[diesel(sql_type = Text)]
        reference: String,
    }
    let rows: Vec<Reference> = cached(
        sql_query(
            "SELECT p.reference FROM evaluation_completeness($1, $2) e \
             JOIN evaluated_projects p ON p.territory_id = $1 AND p.project_id = e.project_id \
             WHERE e.missing > 0 OR e.counted = 0 ORDER BY p.project_id LIMIT $3",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_call_id)
        .bind::<BigInt, _>(limit),
    )
    .load(connection)
    .await?;
    Ok(rows.into_iter().map(|row| row.reference).collect())
}

/// Closes the scoring of a call that the transaction holds, with how complete it was.
pub(super) async fn close(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_call_id: Uuid,
    incomplete_reason: Option<&str>,
    closed_by: Uuid,
) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO evaluation_closures (project_call_id, territory_id, incomplete_reason, closed_by) \
             VALUES ($2, $1, $3, $4)",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_call_id)
        .bind::<Nullable<Text>, _>(incomplete_reason)
        .bind::<SqlUuid, _>(closed_by),
    )
    .execute(connection)
    .await?;
    cached(
        sql_query(
            "INSERT INTO evaluation_closure_projects (territory_id, project_call_id, project_id, expected, missing, counted) \
             SELECT $1, $2, project_id, expected, missing, counted FROM evaluation_completeness($1, $2)",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_call_id),
    )
    .execute(connection)
    .await?;
    Ok(())
}
