use concilia_kernel::db::cached;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Integer, Nullable, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// How many gave a rating or chose an option; without a value, how many answered the question.
#[derive(Debug, QueryableByName)]
pub struct Counted {
    #[diesel(sql_type = SmallInt)]
    pub position: i16,
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub value: Option<i16>,
    #[diesel(sql_type = Integer)]
    pub count: i32,
}

/// Counts the answers of the groups up to `last_group`.
pub async fn count(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    questionnaire_id: Uuid,
    last_group: i32,
) -> QueryResult<Vec<Counted>> {
    cached(
        sql_query(
            "WITH given AS ( \
               SELECT v.position, v.rating, v.options FROM questionnaire_answer_values v \
                 JOIN questionnaire_answers a ON a.id = v.answer_id \
                WHERE a.territory_id = $1 AND a.questionnaire_id = $2 AND a.group_number <= $3 \
             ) \
             SELECT position, NULL::int2 AS value, count(*)::int AS count FROM given GROUP BY position \
             UNION ALL \
             SELECT position, rating, count(*)::int FROM given WHERE rating IS NOT NULL GROUP BY position, rating \
             UNION ALL \
             SELECT position, option, count(*)::int FROM given, unnest(options) option GROUP BY position, option",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(questionnaire_id)
        .bind::<Integer, _>(last_group),
    )
    .load(connection)
    .await
}

/// A text that somebody wrote.
#[derive(Debug, QueryableByName)]
pub struct Told {
    #[diesel(sql_type = SmallInt)]
    pub position: i16,
    #[diesel(sql_type = Text)]
    pub answer_text: String,
}

/// At most 200 texts of each question of the groups up to `last_group`, drawn and ordered by lot. Each question by a
/// lot of its own: two texts of one person do not stand in the same place.
pub async fn texts(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    questionnaire_id: Uuid,
    last_group: i32,
) -> QueryResult<Vec<Told>> {
    cached(
        sql_query(
            "SELECT position, answer_text FROM ( \
               SELECT v.position, v.answer_text, row_number() OVER (PARTITION BY v.position ORDER BY random()) AS nth \
                 FROM questionnaire_answer_values v JOIN questionnaire_answers a ON a.id = v.answer_id \
                WHERE a.territory_id = $1 AND a.questionnaire_id = $2 AND a.group_number <= $3 \
                  AND v.answer_text IS NOT NULL) drawn \
             WHERE nth <= 200 ORDER BY position, nth",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(questionnaire_id)
        .bind::<Integer, _>(last_group),
    )
    .load(connection)
    .await
}

/// Remembers how many answers the results of an open questionnaire, which the transaction holds, have shown.
pub async fn remember_shown(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    shown: i32,
) -> QueryResult<()> {
    cached(
        sql_query("UPDATE questionnaires SET answers_shown = $3 WHERE territory_id = $1 AND id = $2")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id)
            .bind::<Integer, _>(shown),
    )
    .execute(connection)
    .await?;
    Ok(())
}
