//! Faults of a job's rows: where, which field, which rule.

use crate::db::{cached, schema::job_errors};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A fault of one row. Never carries the refused value, which may be personal.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = job_errors)]
pub struct RowError {
    /// Line of the input, from 1.
    pub line: i64,
    /// Number of the fault among those of its line, from 0.
    pub ordinal: i16,
    /// Name of the field at fault; `None` when the line as a whole is.
    pub field: Option<String>,
    /// Stable code of the rule that is broken.
    pub code: String,
}

/// Stores faults, in the transaction of the progress they belong to.
pub async fn record_errors(
    connection: &mut AsyncPgConnection,
    job_id: Uuid,
    errors: &[RowError],
) -> QueryResult<()> {
    if errors.is_empty() {
        return Ok(());
    }
    let lines: Vec<i64> = errors.iter().map(|error| error.line).collect();
    let ordinals: Vec<i16> = errors.iter().map(|error| error.ordinal).collect();
    let fields: Vec<Option<&str>> = errors.iter().map(|error| error.field.as_deref()).collect();
    let codes: Vec<&str> = errors.iter().map(|error| error.code.as_str()).collect();
    cached(
        diesel::sql_query(
            "INSERT INTO job_errors (job_id, line, ordinal, field, code) \
             SELECT $1, * FROM unnest($2, $3, $4, $5)",
        )
        .bind::<SqlUuid, _>(job_id)
        .bind::<Array<BigInt>, _>(lines)
        .bind::<Array<SmallInt>, _>(ordinals)
        .bind::<Array<Nullable<Text>>, _>(fields)
        .bind::<Array<Text>, _>(codes),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Stored faults of a job in the order of its lines, from after (line, ordinal).
pub async fn list_errors<C>(
    connection: &mut C,
    job_id: Uuid,
    after: Option<(i64, i16)>,
    limit: i64,
) -> QueryResult<Vec<RowError>>
where
    C: AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    let (line, ordinal) = after.unwrap_or((0, 0));
    job_errors::table
        .filter(job_errors::job_id.eq(job_id))
        .filter(job_errors::line.gt(line).or(job_errors::line.eq(line).and(job_errors::ordinal.gt(ordinal))))
        .order((job_errors::line, job_errors::ordinal))
        .limit(limit + 1)
        .select(RowError::as_select())
        .load(connection)
        .await
}
