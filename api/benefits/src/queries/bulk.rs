use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Binary, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A submitted application.
pub struct ApplicationRow {
    pub id: Uuid,
    pub worker_id: Uuid,
    pub employer_id: Uuid,
    pub protocol_number: String,
    pub facts_sealed: Vec<u8>,
    pub submitted_at: DateTime<Utc>,
}

pub async fn insert_applications(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    voucher_call_id: Uuid,
    rows: &[ApplicationRow],
) -> QueryResult<()> {
    cached(
        sql_query(
            "WITH made AS ( \
               INSERT INTO applications (id, territory_id, voucher_call_id, worker_id, employer_id, state, protocol_number, \
                 facts_sealed, submitted_at, created_at) \
               SELECT id, $1, $2, worker_id, employer_id, 'submitted', number, facts, submitted_at, submitted_at \
               FROM unnest($3, $4, $5, $6, $7, $8) AS given (id, worker_id, employer_id, number, facts, submitted_at) \
               RETURNING id, submitted_at \
             ) \
             INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, from_state, to_state, actor_role, occurred_at) \
             SELECT uuid_v7(), $1, 'application', id, NULL, 'submitted', 'system', submitted_at FROM made",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(voucher_call_id)
        .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.id).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.worker_id).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.employer_id).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(rows.iter().map(|row| row.protocol_number.as_str()).collect::<Vec<_>>())
        .bind::<Array<Binary>, _>(rows.iter().map(|row| row.facts_sealed.as_slice()).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(rows.iter().map(|row| row.submitted_at).collect::<Vec<_>>()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A line of a submitted application.
pub struct LineRow {
    pub id: Uuid,
    pub application_id: Uuid,
    pub line: i16,
    pub household_member_id: Uuid,
    pub child_index: Option<Vec<u8>>,
    pub facts_sealed: Vec<u8>,
}

pub async fn insert_lines(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    voucher_call_id: Uuid,
    rows: &[LineRow],
) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO application_lines (territory_id, voucher_call_id, id, application_id, line, household_member_id, \
               child_index, facts_sealed) \
             SELECT $1, $2, * FROM unnest($3, $4, $5, $6, $7, $8)",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(voucher_call_id)
        .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.id).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.application_id).collect::<Vec<_>>())
        .bind::<Array<SmallInt>, _>(rows.iter().map(|row| row.line).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.household_member_id).collect::<Vec<_>>())
        .bind::<Array<Nullable<Binary>>, _>(rows.iter().map(|row| row.child_index.as_deref()).collect::<Vec<_>>())
        .bind::<Array<Binary>, _>(rows.iter().map(|row| row.facts_sealed.as_slice()).collect::<Vec<_>>()),
    )
    .execute(connection)
    .await?;
    Ok(())
}
