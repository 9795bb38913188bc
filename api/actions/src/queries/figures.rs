use crate::figures::{ActionFigures, PlanReach};
use crate::rules::disclosure::FEWEST;
use chrono::NaiveDate;
use concilia_kernel::db::cached;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Date, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use uuid::Uuid;

/// The first instant after the day of parameter 3.
const END: &str = "($3::date + 1)::timestamp AT TIME ZONE 'UTC'";

pub async fn of_actions<C>(
    connection: &mut C,
    territory_id: Uuid,
    plan_id: Uuid,
    until: NaiveDate,
) -> QueryResult<Vec<ActionFigures>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "SELECT a.id AS action_id, a.kind, a.title, a.state, \
                CASE a.state WHEN 'cancelled' THEN a.paid ELSE a.budget END AS planned, \
                coalesce((SELECT sum(CASE WHEN p.reverses IS NULL THEN p.amount ELSE -p.amount END) FROM action_payments p \
                            JOIN action_payment_decisions d ON d.payment_id = p.id AND d.outcome = 'approved' \
                           WHERE p.action_id = a.id AND p.paid_on <= $3), 0) AS paid, \
                c.monetary AS cofinancing_monetary, c.in_kind AS cofinancing_in_kind, \
                coalesce((SELECT jsonb_agg(jsonb_build_object('year', y.year, 'planned', y.planned::text, \
                            'expected_people', y.expected_people, 'expected_companies', y.expected_companies) \
                            ORDER BY y.year) FROM action_years y WHERE y.action_id = a.id), '[]') AS years, \
                (SELECT count(*)::int FROM action_people_reached r \
                  WHERE r.action_id = a.id AND r.reached_on <= $3) AS people_reached, \
                (SELECT count(*)::int FROM action_companies_reached r \
                  WHERE r.action_id = a.id AND r.reached_on <= $3) AS companies_reached, \
                (SELECT count(*)::int FROM events e \
                  WHERE e.action_id = a.id AND e.state = 'concluded' AND e.ends_at < {END}) AS events_held, \
                (SELECT count(*)::int FROM events e JOIN event_sessions s ON s.event_id = e.id \
                   JOIN event_attendance x ON x.session_id = s.id \
                  WHERE e.action_id = a.id AND s.starts_at < {END}) AS attendances, \
                (SELECT count(*)::int FROM action_meetings m \
                  WHERE m.action_id = a.id AND m.state = 'held' AND m.starts_at < {END}) AS meetings_held, \
                (SELECT count(DISTINCT x.organisation_id)::int FROM company_paths p \
                   JOIN path_participations x ON x.path_id = p.id \
                  WHERE p.action_id = a.id AND x.state <> 'withdrawn' AND x.joined_on <= $3) AS companies_on_paths \
             FROM actions a CROSS JOIN LATERAL \
               (SELECT coalesce(sum(l.monetary), 0) AS monetary, coalesce(sum(l.in_kind), 0) AS in_kind \
                  FROM action_cofinancing_lines l WHERE l.action_id = a.id) c \
             WHERE a.territory_id = $1 AND a.plan_id = $2 ORDER BY a.id"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(plan_id)
        .bind::<Date, _>(until),
    )
    .load(connection)
    .await
}

pub async fn reach_of_plan<C>(
    connection: &mut C,
    territory_id: Uuid,
    plan_id: Uuid,
    until: NaiveDate,
) -> QueryResult<PlanReach>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT (SELECT count(DISTINCT r.person_index)::int FROM action_people_reached r \
                       JOIN actions a ON a.id = r.action_id \
                      WHERE a.territory_id = $1 AND a.plan_id = $2 AND r.reached_on <= $3) AS people, \
                    (SELECT count(DISTINCT r.organisation_id)::int FROM action_companies_reached r \
                       JOIN actions a ON a.id = r.action_id \
                      WHERE a.territory_id = $1 AND a.plan_id = $2 AND r.reached_on <= $3) AS companies",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(plan_id)
        .bind::<Date, _>(until),
    )
    .get_result(connection)
    .await
}

/// A closed questionnaire and how many answers it has.
#[derive(Debug, QueryableByName)]
pub struct Closed {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub action_id: Option<Uuid>,
    #[diesel(sql_type = Integer)]
    pub answers: i32,
    #[diesel(sql_type = Integer)]
    pub answers_shown: i32,
}

pub async fn closed_questionnaires<C>(
    connection: &mut C,
    territory_id: Uuid,
    from: NaiveDate,
    until: NaiveDate,
) -> QueryResult<Vec<Closed>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT id, title, action_id, answers, answers_shown FROM questionnaires \
             WHERE territory_id = $1 AND closed_on BETWEEN $2 AND $3 ORDER BY id",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Date, _>(from)
        .bind::<Date, _>(until),
    )
    .load(connection)
    .await
}

/// The ratings that a questionnaire shows.
#[derive(Debug, QueryableByName)]
pub struct Rated {
    #[diesel(sql_type = SqlUuid)]
    pub questionnaire_id: Uuid,
    #[diesel(sql_type = BigInt)]
    pub positive: i64,
    #[diesel(sql_type = BigInt)]
    pub ratings: i64,
}

/// Ratings of each questionnaire in its groups up to the one named, but of questions with too few.
pub async fn ratings<C>(connection: &mut C, territory_id: Uuid, groups: &[(Uuid, i32)]) -> QueryResult<Vec<Rated>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let (ids, last): (Vec<Uuid>, Vec<i32>) = groups.iter().copied().unzip();
    cached(
        sql_query(
            "SELECT questionnaire_id, sum(positive)::int8 AS positive, sum(ratings)::int8 AS ratings FROM ( \
               SELECT a.questionnaire_id, v.position, count(*) FILTER (WHERE v.rating >= 4) AS positive, count(*) AS ratings \
                 FROM unnest($2, $3) AS g (id, last_group) \
                 JOIN questionnaire_answers a ON a.questionnaire_id = g.id AND a.group_number <= g.last_group \
                 JOIN questionnaire_answer_values v ON v.answer_id = a.id \
                WHERE a.territory_id = $1 AND v.rating IS NOT NULL \
                GROUP BY a.questionnaire_id, v.position HAVING count(*) >= $4) q \
             GROUP BY questionnaire_id",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Integer>, _>(last)
        .bind::<Integer, _>(FEWEST),
    )
    .load(connection)
    .await
}
