use crate::rankings::RankingRow;
use crate::rules::ranking::{Outcome, OutcomeCode, RankedLine};
use concilia_kernel::Money;
use concilia_kernel::db::cached;
use concilia_ledger::NewVoucher;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Binary, Integer, Nullable, Numeric, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Rows of one statement.
const BATCH: usize = 5000;

/// Stores the ranked lines, each with its sealed explanation, thousands in one statement.
pub async fn insert(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    ranking_id: Uuid,
    lines: &[(RankedLine, Vec<u8>)],
) -> QueryResult<()> {
    for batch in lines.chunks(BATCH) {
        cached(
            sql_query(
                "INSERT INTO ranking_rows (territory_id, ranking_id, position, application_line_id, protocol_number, line, \
                   points, explanation_sealed, outcome, outcome_code, waiting_position, amount) \
                 SELECT $1, $2, * FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            )
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(ranking_id)
            .bind::<Array<Integer>, _>(column(batch, |line| line.position))
            .bind::<Array<SqlUuid>, _>(column(batch, |line| line.application_line_id))
            .bind::<Array<Text>, _>(column(batch, |line| line.protocol_number.as_str()))
            .bind::<Array<SmallInt>, _>(column(batch, |line| line.line))
            .bind::<Array<Integer>, _>(column(batch, |line| line.points))
            .bind::<Array<Binary>, _>(batch.iter().map(|(_, sealed)| sealed.as_slice()).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(column(batch, |line| line.outcome))
            .bind::<Array<Text>, _>(column(batch, |line| line.outcome_code))
            .bind::<Array<Nullable<Integer>>, _>(column(batch, |line| line.waiting_position))
            .bind::<Array<Numeric>, _>(column(batch, |line| line.amount)),
        )
        .execute(connection)
        .await?;
    }
    Ok(())
}

fn column<'l, T>(batch: &'l [(RankedLine, Vec<u8>)], field: impl Fn(&'l RankedLine) -> T) -> Vec<T> {
    batch.iter().map(|(line, _)| field(line)).collect()
}

/// A page of a ranking that the caller may see, by position.
pub async fn list<C>(
    connection: &mut C,
    territory_id: Uuid,
    ranking_id: Uuid,
    after: Option<i32>,
    limit: i64,
) -> QueryResult<Vec<RankingRow>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT position, protocol_number, line, points, outcome, waiting_position, amount FROM ranking_rows \
             WHERE territory_id = $1 AND ranking_id = $2 AND position > $3 ORDER BY position LIMIT $4",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(ranking_id)
        .bind::<Integer, _>(after.unwrap_or(0))
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

#[derive(QueryableByName)]
struct AwardedLine {
    #[diesel(sql_type = SqlUuid)]
    application_line_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    worker_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    household_member_id: Uuid,
    #[diesel(sql_type = Numeric)]
    amount: Money,
}

/// The vouchers that a ranking awards, by position.
pub async fn awarded(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    ranking_id: Uuid,
) -> QueryResult<Vec<NewVoucher>> {
    let lines: Vec<AwardedLine> = cached(
        sql_query(
            "SELECT r.application_line_id, a.worker_id, l.household_member_id, r.amount \
             FROM ranking_rows r JOIN application_lines l ON l.id = r.application_line_id \
             JOIN applications a ON a.id = l.application_id \
             WHERE r.territory_id = $1 AND r.ranking_id = $2 AND r.outcome = 'awarded' ORDER BY r.position",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(ranking_id),
    )
    .load(connection)
    .await?;
    let voucher = |line: AwardedLine| NewVoucher {
        application_line_id: line.application_line_id,
        worker_id: line.worker_id,
        household_member_id: line.household_member_id,
        value: line.amount,
    };
    Ok(lines.into_iter().map(voucher).collect())
}

/// What a ranking made of one line, with the reasons sealed.
#[derive(Debug, QueryableByName)]
pub struct SealedExplanation {
    #[diesel(sql_type = SmallInt)]
    pub line: i16,
    #[diesel(sql_type = SqlUuid)]
    pub household_member_id: Uuid,
    #[diesel(sql_type = Integer)]
    pub position: i32,
    #[diesel(sql_type = Integer)]
    pub points: i32,
    #[diesel(sql_type = Binary)]
    pub explanation_sealed: Vec<u8>,
    #[diesel(sql_type = Text)]
    pub outcome: Outcome,
    #[diesel(sql_type = Text)]
    pub outcome_code: OutcomeCode,
    #[diesel(sql_type = Nullable<Integer>)]
    pub waiting_position: Option<i32>,
    #[diesel(sql_type = Numeric)]
    pub amount: Money,
}

/// The lines of an application in a ranking, in their order. The caller has been shown both.
pub async fn explanations<C>(
    connection: &mut C,
    territory_id: Uuid,
    ranking_id: Uuid,
    application_id: Uuid,
) -> QueryResult<Vec<SealedExplanation>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT l.line, l.household_member_id, r.position, r.points, r.explanation_sealed, r.outcome, \
               r.outcome_code, r.waiting_position, r.amount \
             FROM application_lines l JOIN ranking_rows r ON r.application_line_id = l.id AND r.ranking_id = $2 \
             WHERE l.territory_id = $1 AND l.application_id = $3 ORDER BY l.line",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(ranking_id)
        .bind::<SqlUuid, _>(application_id),
    )
    .load(connection)
    .await
}
