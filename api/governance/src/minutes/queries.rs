use super::content::MinutesContent;
use super::view::{Minutes, MinutesAnswer, MinutesSummary};
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::{Problem, now};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

const COLUMNS: &str = "id, meeting_id, number, state, due_at, generated_at, closed_at, version, generated_by";

#[derive(QueryableByName)]
struct Whole {
    #[diesel(embed)]
    summary: MinutesSummary,
    #[diesel(sql_type = Jsonb)]
    content: serde_json::Value,
}

/// A version of minutes with its answers.
pub(super) async fn find<C>(connection: &mut C, territory_id: Uuid, id: Uuid) -> Result<Option<Minutes>, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found: Option<Whole> = cached(
        sql_query(format!("SELECT {COLUMNS}, content FROM minutes WHERE territory_id = $1 AND id = $2"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()?;
    let Some(found) = found else { return Ok(None) };
    let answers: Vec<MinutesAnswer> = cached(
        sql_query(
            "SELECT account_id, agreed, remark, answered_at FROM minutes_answers \
             WHERE territory_id = $1 AND minutes_id = $2 ORDER BY answered_at, account_id",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id),
    )
    .load(connection)
    .await?;
    let content = serde_json::from_value(found.content).map_err(Problem::internal)?;
    Ok(Some(Minutes { summary: found.summary, content, answers }))
}

/// The version, held until the transaction ends.
pub(super) async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<MinutesSummary>> {
    cached(
        sql_query(format!("SELECT {COLUMNS} FROM minutes WHERE territory_id = $1 AND id = $2 FOR UPDATE"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// One more than the limit, if there are, last first.
pub(super) async fn list<C>(
    connection: &mut C,
    territory_id: Uuid,
    meeting_id: Uuid,
    before: Option<i16>,
    limit: i64,
) -> QueryResult<Vec<MinutesSummary>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "SELECT {COLUMNS} FROM minutes WHERE territory_id = $1 AND meeting_id = $2 \
             AND ($3 IS NULL OR number < $3) ORDER BY number DESC LIMIT $4"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(meeting_id)
        .bind::<Nullable<SmallInt>, _>(before)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

/// Makes a new version of the minutes of a meeting that the transaction holds.
pub(super) async fn insert(
    connection: &mut AsyncPgConnection,
    (territory_id, meeting_id, id): (Uuid, Uuid, Uuid),
    number: i16,
    content: &MinutesContent,
    (due_at, generated_by): (DateTime<Utc>, Uuid),
) -> Result<(), Problem> {
    cached(
        sql_query(
            "INSERT INTO minutes (id, territory_id, meeting_id, number, state, content, due_at, generated_by, generated_at) \
             VALUES ($1, $2, $3, $4, 'sent', $5, $6, $7, $8)",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(meeting_id)
        .bind::<SmallInt, _>(number)
        .bind::<Jsonb, _>(serde_json::to_value(content).map_err(Problem::internal)?)
        .bind::<Timestamptz, _>(due_at)
        .bind::<SqlUuid, _>(generated_by)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Another version takes the place of this one.
pub(super) async fn supersede(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE minutes SET state = 'superseded', version = version + 1 WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Validates a version that the transaction holds.
pub(super) async fn close(
    connection: &mut AsyncPgConnection,
    (territory_id, id, closed_by): (Uuid, Uuid, Uuid),
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE minutes SET state = 'validated', closed_by = $3, closed_at = $4, version = version + 1 \
             WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(closed_by)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps an answer; a second one of the same person is a unique violation, hence 409.
pub(super) async fn answer(
    connection: &mut AsyncPgConnection,
    (territory_id, id, account_id): (Uuid, Uuid, Uuid),
    agreed: bool,
    remark: Option<&str>,
) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO minutes_answers (territory_id, minutes_id, account_id, agreed, remark, answered_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(account_id)
        .bind::<Bool, _>(agreed)
        .bind::<Nullable<Text>, _>(remark)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(())
}
