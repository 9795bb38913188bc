use super::lock;
use crate::questionnaires::{QuestionnaireContent, StoredQuestionnaire};
use crate::rules::kinds::QuestionnaireAudience;
use crate::rules::states::QuestionnaireState;
use concilia_kernel::db::cached;
use concilia_kernel::{Problem, new_id, today};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Date, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

const SELECT: &str = "SELECT q.id, q.territory_id, q.organisation_id, q.action_id, q.event_id, q.audience, q.state, q.title, \
    q.description, q.answers, q.answers_shown, q.closed_on, q.created_at, q.version, \
    coalesce((SELECT jsonb_agg(jsonb_build_object('position', x.position, 'kind', x.kind, 'question', x.question, \
                'options', x.options, 'required', x.required) ORDER BY x.position) \
              FROM questionnaire_questions x WHERE x.questionnaire_id = q.id), '[]') AS questions FROM questionnaires q ";

/// A questionnaire of any territory and in any state: the caller decides whether it may be seen.
pub async fn find_of_any_territory<C>(connection: &mut C, id: Uuid) -> QueryResult<Option<StoredQuestionnaire>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(sql_query(format!("{SELECT} WHERE q.id = $1")).bind::<SqlUuid, _>(id))
        .get_result(connection)
        .await
        .optional()
}

pub async fn find(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<StoredQuestionnaire>> {
    cached(
        sql_query(format!("{SELECT} WHERE q.territory_id = $1 AND q.id = $2"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// A questionnaire of the territory, held until the transaction ends.
pub async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<StoredQuestionnaire>> {
    lock(connection, "questionnaires", territory_id, id).await?;
    find(connection, territory_id, id).await
}

/// Which questionnaires to list, and for whom.
#[derive(Debug)]
pub struct Selection {
    pub is_ats: bool,
    /// Organisations for which the caller leads alliances.
    pub leads: Vec<Uuid>,
    pub state: Option<QuestionnaireState>,
    pub audience: Option<QuestionnaireAudience>,
    pub action_id: Option<Uuid>,
}

pub async fn list<C>(
    connection: &mut C,
    territory_id: Uuid,
    selection: &Selection,
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<StoredQuestionnaire>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "{SELECT} WHERE q.territory_id = $1 \
             AND ($2 OR q.organisation_id = ANY($3) OR (q.state = 'open' AND q.audience <> 'public_link')) \
             AND ($4 IS NULL OR q.state = $4) AND ($5 IS NULL OR q.audience = $5) \
             AND ($6 IS NULL OR q.action_id = $6) AND ($7 IS NULL OR q.id > $7) ORDER BY q.id LIMIT $8"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Bool, _>(selection.is_ats)
        .bind::<Array<SqlUuid>, _>(&selection.leads)
        .bind::<Nullable<Text>, _>(selection.state)
        .bind::<Nullable<Text>, _>(selection.audience)
        .bind::<Nullable<SqlUuid>, _>(selection.action_id)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

/// A new draft. The caller has checked what it refers to.
pub async fn insert(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    created_by: Uuid,
    content: &QuestionnaireContent,
) -> Result<StoredQuestionnaire, Problem> {
    let id = new_id();
    cached(
        sql_query(
            "INSERT INTO questionnaires (id, territory_id, organisation_id, action_id, event_id, audience, state, title, \
               description, created_by) VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7, $8, $9)",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(content.organisation_id)
        .bind::<Nullable<SqlUuid>, _>(content.action_id)
        .bind::<Nullable<SqlUuid>, _>(content.event_id)
        .bind::<Text, _>(content.audience)
        .bind::<Text, _>(content.title.trim_matches(' '))
        .bind::<Text, _>(&content.description)
        .bind::<SqlUuid, _>(created_by),
    )
    .execute(connection)
    .await?;
    write_questions(connection, territory_id, id, content).await?;
    find(connection, territory_id, id).await?.ok_or_else(Problem::not_found)
}

/// Rewrites a draft that the transaction holds.
pub async fn update(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    content: &QuestionnaireContent,
) -> Result<StoredQuestionnaire, Problem> {
    cached(
        sql_query(
            "UPDATE questionnaires SET action_id = $3, event_id = $4, audience = $5, title = $6, description = $7, \
               version = version + 1 WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Nullable<SqlUuid>, _>(content.action_id)
        .bind::<Nullable<SqlUuid>, _>(content.event_id)
        .bind::<Text, _>(content.audience)
        .bind::<Text, _>(content.title.trim_matches(' '))
        .bind::<Text, _>(&content.description),
    )
    .execute(connection)
    .await?;
    write_questions(connection, territory_id, id, content).await?;
    find(connection, territory_id, id).await?.ok_or_else(Problem::not_found)
}

async fn write_questions(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    content: &QuestionnaireContent,
) -> Result<(), Problem> {
    cached(
        sql_query(
            "WITH asked AS ( \
               SELECT nth::int2 AS position, q ->> 'kind' AS kind, q ->> 'question' AS question, \
                      ARRAY(SELECT jsonb_array_elements_text(q -> 'options')) AS options, (q ->> 'required')::bool AS required \
                 FROM jsonb_array_elements($3) WITH ORDINALITY AS x (q, nth) \
             ), gone AS ( \
               DELETE FROM questionnaire_questions \
               WHERE territory_id = $1 AND questionnaire_id = $2 AND position > (SELECT max(position) FROM asked) \
             ) \
             INSERT INTO questionnaire_questions (territory_id, questionnaire_id, position, kind, question, options, required) \
             SELECT $1, $2, position, kind, question, options, required FROM asked \
             ON CONFLICT (questionnaire_id, position) DO UPDATE SET kind = excluded.kind, question = excluded.question, \
               options = excluded.options, required = excluded.required",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Jsonb, _>(serde_json::to_value(&content.questions).map_err(Problem::internal)?),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Moves a questionnaire that the transaction holds.
pub async fn set_state(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    state: QuestionnaireState,
) -> QueryResult<()> {
    let closed_on = (state == QuestionnaireState::Closed).then(today);
    cached(
        sql_query(
            "UPDATE questionnaires SET state = $3, closed_on = $4, version = version + 1 \
             WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(state)
        .bind::<Nullable<Date>, _>(closed_on),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps that somebody has taken a token; false when they had already.
pub async fn insert_taker(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    questionnaire_id: Uuid,
    taker_index: &[u8],
) -> QueryResult<bool> {
    let inserted = cached(
        sql_query(
            "INSERT INTO questionnaire_takers (questionnaire_id, territory_id, taker_index) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING",
        )
        .bind::<SqlUuid, _>(questionnaire_id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Binary, _>(taker_index),
    )
    .execute(connection)
    .await?;
    Ok(inserted == 1)
}

/// Counts one more answer of an open questionnaire and tells which it is; `None` when it takes none. Answers queue here.
pub async fn count_answer(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    questionnaire_id: Uuid,
) -> QueryResult<Option<i32>> {
    #[derive(QueryableByName)]
    struct Nth {
        #[diesel(sql_type = Integer)]
        answers: i32,
    }
    let nth: Option<Nth> = cached(
        sql_query(
            "UPDATE questionnaires SET answers = answers + 1 WHERE territory_id = $1 AND id = $2 AND state = 'open' \
             RETURNING answers",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(questionnaire_id),
    )
    .get_result(connection)
    .await
    .optional()?;
    Ok(nth.map(|nth| nth.answers))
}

/// Keeps that a token is spent; false when it was already.
pub async fn insert_spent_token(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    questionnaire_id: Uuid,
    token_hash: &[u8],
) -> QueryResult<bool> {
    let inserted = cached(
        sql_query(
            "INSERT INTO questionnaire_spent_tokens (questionnaire_id, territory_id, token_hash) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING",
        )
        .bind::<SqlUuid, _>(questionnaire_id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Binary, _>(token_hash),
    )
    .execute(connection)
    .await?;
    Ok(inserted == 1)
}

/// Stores an answer under a random identifier (UUIDv4, by the column's default): a time-ordered one would tell when it
/// was given.
pub async fn insert_answer(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    questionnaire_id: Uuid,
    group_number: i32,
    values: serde_json::Value,
) -> QueryResult<()> {
    cached(
        sql_query(
            "WITH made AS ( \
               INSERT INTO questionnaire_answers (territory_id, questionnaire_id, group_number) VALUES ($1, $2, $3) \
               RETURNING id \
             ) \
             INSERT INTO questionnaire_answer_values (answer_id, position, territory_id, questionnaire_id, rating, options, \
               answer_text) \
             SELECT made.id, v.question, $1, $2, v.rating, v.options, v.text \
               FROM made, jsonb_to_recordset($4) AS v (question int2, rating int2, options int2[], text text)",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(questionnaire_id)
        .bind::<Integer, _>(group_number)
        .bind::<Jsonb, _>(values),
    )
    .execute(connection)
    .await?;
    Ok(())
}
