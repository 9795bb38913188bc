use concilia_kernel::db::cached;
use concilia_kernel::new_id;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Binary, Nullable, SmallInt, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Puts these members on the lines of an application, in this order, in place of those it had.
pub async fn replace(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    application_id: Uuid,
    voucher_call_id: Uuid,
    household_member_ids: &[Uuid],
) -> QueryResult<()> {
    cached(
        sql_query("DELETE FROM application_lines WHERE territory_id = $1 AND application_id = $2")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(application_id),
    )
    .execute(connection)
    .await?;
    let ids: Vec<Uuid> = household_member_ids.iter().map(|_| new_id()).collect();
    cached(
        sql_query(
            "INSERT INTO application_lines (id, territory_id, application_id, voucher_call_id, line, household_member_id) \
             SELECT id, $1, $2, $3, line, member FROM unnest($4, $5) WITH ORDINALITY AS given (id, member, line)",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(application_id)
        .bind::<SqlUuid, _>(voucher_call_id)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<SqlUuid>, _>(household_member_ids),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What submission writes on a line.
pub struct FrozenLine {
    pub line: i16,
    /// Blind index of the child's tax code, where it has one.
    pub child_index: Option<Vec<u8>>,
    pub facts_sealed: Vec<u8>,
}

/// Seals what is declared of each child and takes its place in the call.
pub async fn freeze(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    application_id: Uuid,
    lines: &[FrozenLine],
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE application_lines l SET child_index = f.child_index, facts_sealed = f.facts_sealed \
             FROM unnest($3, $4, $5) AS f (line, child_index, facts_sealed) \
             WHERE l.territory_id = $1 AND l.application_id = $2 AND l.line = f.line",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(application_id)
        .bind::<Array<SmallInt>, _>(lines.iter().map(|line| line.line).collect::<Vec<_>>())
        .bind::<Array<Nullable<Binary>>, _>(
            lines.iter().map(|line| line.child_index.as_deref()).collect::<Vec<_>>(),
        )
        .bind::<Array<Binary>, _>(lines.iter().map(|line| line.facts_sealed.as_slice()).collect::<Vec<_>>()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Binary)]
    child_index: Vec<u8>,
}

/// Which of these children are on another application submitted to the call.
pub async fn taken(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    voucher_call_id: Uuid,
    application_id: Uuid,
    child_indexes: &[&[u8]],
) -> QueryResult<Vec<Vec<u8>>> {
    let taken: Vec<Taken> = cached(
        sql_query(
            "SELECT child_index FROM application_lines WHERE territory_id = $1 AND voucher_call_id = $2 \
             AND application_id <> $3 AND child_index = ANY($4)",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(voucher_call_id)
        .bind::<SqlUuid, _>(application_id)
        .bind::<Array<Binary>, _>(child_indexes),
    )
    .load(connection)
    .await?;
    Ok(taken.into_iter().map(|row| row.child_index).collect())
}
