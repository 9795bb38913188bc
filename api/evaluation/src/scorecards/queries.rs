use super::put_scorecard::ScoreInput;
use super::{CriterionScore, Scorecard, Viewer};
use crate::people::Names;
use crate::rules::states::ScorecardState;
use chrono::{DateTime, Utc};
use concilia_kernel::db::{Gathered, cached};
use concilia_kernel::now;
use concilia_planning::{EvaluationCriterion, Points};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Jsonb, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde_json::{Value, json};
use uuid::Uuid;

/// A card as the viewer may see it, without names.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Row {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub project_call_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub project_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub account_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub organisation_id: Uuid,
    #[diesel(sql_type = Text)]
    pub state: ScorecardState,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub scores: Option<Gathered<Vec<CriterionScore>>>,
    #[diesel(sql_type = Nullable<Numeric>)]
    pub total: Option<Points>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub submitted_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub set_aside_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}

impl Row {
    pub(super) fn named(self, names: &Names) -> Scorecard {
        Scorecard {
            evaluator: names.evaluator(self.account_id),
            organisation: names.organisation(self.organisation_id),
            id: self.id,
            project_call_id: self.project_call_id,
            project_id: self.project_id,
            state: self.state,
            scores: self.scores.map(|scores| scores.0),
            total: self.total,
            submitted_at: self.submitted_at,
            set_aside_at: self.set_aside_at,
            version: self.version,
        }
    }
}

/// `$1` is the territory, `$2` the viewer's account, `$3` whether it is of the agency.
const SELECT: &str = "SELECT s.id, s.project_call_id, s.project_id, s.account_id, s.organisation_id, s.state, \
    CASE WHEN v.sees THEN p.scores END AS scores, CASE WHEN v.sees THEN p.total END AS total, \
    s.submitted_at, s.set_aside_at, s.version \
    FROM scorecards s \
    LEFT JOIN evaluation_closures k ON k.project_call_id = s.project_call_id \
    CROSS JOIN LATERAL (SELECT s.account_id = $2 OR k.project_call_id IS NOT NULL AS sees) v \
    CROSS JOIN LATERAL ( \
      SELECT coalesce(sum(p.points), 0) AS total, coalesce(jsonb_agg(jsonb_build_object('criterion', p.criterion, \
        'points', p.points::text, 'comment', p.comment) ORDER BY c.position), '[]') AS scores \
      FROM scorecard_points p JOIN evaluation_criteria c \
        ON c.project_call_id = p.project_call_id AND c.code = p.criterion \
      WHERE p.scorecard_id = s.id) p \
    WHERE s.territory_id = $1 AND (s.account_id = $2 OR (s.state <> 'draft' AND (v.sees OR $3))) \
      AND ($3 OR s.project_id NOT IN (SELECT i.project_id FROM conflicts_of_interest($1, ARRAY[$2]) i))";

/// The card, if the viewer may see it.
pub(super) async fn find<C>(connection: &mut C, viewer: Viewer, id: Uuid) -> QueryResult<Option<Row>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!("{SELECT} AND s.id = $4"))
            .bind::<SqlUuid, _>(viewer.territory_id)
            .bind::<SqlUuid, _>(viewer.account_id)
            .bind::<Bool, _>(viewer.is_ats)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// A page of the cards of a call that the viewer may see, oldest first.
pub(super) async fn list<C>(
    connection: &mut C,
    viewer: Viewer,
    project_call_id: Uuid,
    project_id: Option<Uuid>,
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<Row>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "{SELECT} AND s.project_call_id = $4 AND ($5 IS NULL OR s.project_id = $5) AND ($6 IS NULL OR s.id > $6) \
             ORDER BY s.id LIMIT $7"
        ))
        .bind::<SqlUuid, _>(viewer.territory_id)
        .bind::<SqlUuid, _>(viewer.account_id)
        .bind::<Bool, _>(viewer.is_ats)
        .bind::<SqlUuid, _>(project_call_id)
        .bind::<Nullable<SqlUuid>, _>(project_id)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

/// The organisation whose seat in the committee an account fills, if it fills one.
pub(super) async fn seat_of(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    account_id: Uuid,
) -> QueryResult<Option<Uuid>> {
    #[derive(QueryableByName)]
    struct Seat {
        #[diesel(sql_type = SqlUuid)]
        organisation_id: Uuid,
    }
    let seat: Option<Seat> = cached(
        sql_query("SELECT organisation_id FROM evaluator_seats($1) WHERE account_id = $2")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(account_id),
    )
    .get_result(connection)
    .await
    .optional()?;
    Ok(seat.map(|seat| seat.organisation_id))
}

/// A card as a transaction holds it.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub(super) struct Held {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub account_id: Uuid,
    #[diesel(sql_type = Text)]
    pub state: ScorecardState,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}

/// The cards of a project by an account or for a seat, held in the order of their identifiers.
pub(super) async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
    account_id: Uuid,
    seat: Option<Uuid>,
) -> QueryResult<Vec<Held>> {
    cached(
        sql_query(
            "SELECT id, account_id, state, version FROM scorecards \
             WHERE territory_id = $1 AND project_id = $2 AND (account_id = $3 OR organisation_id = $4) \
             ORDER BY id FOR UPDATE",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_id)
        .bind::<SqlUuid, _>(account_id)
        .bind::<Nullable<SqlUuid>, _>(seat),
    )
    .load(connection)
    .await
}

/// A card to create.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewCard {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub project_call_id: Uuid,
    pub project_id: Uuid,
    pub account_id: Uuid,
    pub organisation_id: Uuid,
}

/// A draft without points. A second card of one evaluator for one project is a unique violation, hence 409.
pub(super) async fn insert(connection: &mut AsyncPgConnection, new: NewCard) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO scorecards (id, territory_id, project_call_id, project_id, account_id, organisation_id, state) \
             VALUES ($1, $2, $3, $4, $5, $6, 'draft')",
        )
        .bind::<SqlUuid, _>(new.id)
        .bind::<SqlUuid, _>(new.territory_id)
        .bind::<SqlUuid, _>(new.project_call_id)
        .bind::<SqlUuid, _>(new.project_id)
        .bind::<SqlUuid, _>(new.account_id)
        .bind::<SqlUuid, _>(new.organisation_id),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Rewrites the points of a draft that the transaction holds, and moves its version.
pub(super) async fn write_points(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    (project_call_id, scorecard_id): (Uuid, Uuid),
    grid: &[EvaluationCriterion],
    scores: &[ScoreInput],
) -> QueryResult<()> {
    let maximum = |code: &str| grid.iter().find(|criterion| criterion.code == code).map(|found| found.maximum);
    let points: Value = scores
        .iter()
        .map(|score| {
            json!({"criterion": score.criterion, "maximum": maximum(&score.criterion), "points": score.points,
                   "comment": score.comment.as_deref().map(str::trim)})
        })
        .collect();
    cached(
        sql_query("DELETE FROM scorecard_points WHERE territory_id = $1 AND scorecard_id = $2")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(scorecard_id),
    )
    .execute(connection)
    .await?;
    cached(
        sql_query(
            "WITH moved AS ( \
               UPDATE scorecards SET version = version + 1 WHERE territory_id = $1 AND id = $3 \
             ) \
             INSERT INTO scorecard_points (territory_id, project_call_id, scorecard_id, criterion, maximum, points, comment) \
             SELECT $1, $2, $3, p->>'criterion', (p->>'maximum')::numeric, (p->>'points')::numeric, p->>'comment' \
             FROM jsonb_array_elements($4) AS p",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_call_id)
        .bind::<SqlUuid, _>(scorecard_id)
        .bind::<Jsonb, _>(points),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Gives a card that the transaction holds.
pub(super) async fn submit(connection: &mut AsyncPgConnection, territory_id: Uuid, id: Uuid) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE scorecards SET state = 'submitted', submitted_at = $3, version = version + 1 \
             WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(())
}
