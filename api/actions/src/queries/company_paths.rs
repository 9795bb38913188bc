use super::lock;
use crate::company_paths::CompanyPath;
use crate::company_paths::create_company_path::NewCompanyPath;
use crate::rules::kinds::StepKind;
use crate::rules::states::CompanyPathState;
use concilia_kernel::db::cached;
use concilia_kernel::{Problem, new_id};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

const SELECT: &str = "SELECT p.id, p.action_id, p.state, p.title, p.description, p.created_at, p.version, \
    coalesce((SELECT jsonb_agg(jsonb_build_object('kind', s.kind, 'title', s.title) ORDER BY s.position) \
              FROM company_path_steps s WHERE s.path_id = p.id), '[]') AS steps, \
    n.running, n.completed, n.withdrawn FROM company_paths p \
    CROSS JOIN LATERAL (SELECT (count(*) FILTER (WHERE x.state = 'running'))::int AS running, \
                               (count(*) FILTER (WHERE x.state = 'completed'))::int AS completed, \
                               (count(*) FILTER (WHERE x.state = 'withdrawn'))::int AS withdrawn \
                          FROM path_participations x WHERE x.path_id = p.id) n ";

pub async fn find<C>(connection: &mut C, territory_id: Uuid, id: Uuid) -> QueryResult<Option<CompanyPath>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!("{SELECT} WHERE p.territory_id = $1 AND p.id = $2"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// A path of the territory, held until the transaction ends.
pub async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<CompanyPath>> {
    lock(connection, "company_paths", territory_id, id).await?;
    find(connection, territory_id, id).await
}

/// A page of the territory's paths, oldest first.
pub async fn list<C>(
    connection: &mut C,
    territory_id: Uuid,
    action_id: Option<Uuid>,
    state: Option<CompanyPathState>,
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<CompanyPath>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "{SELECT} WHERE p.territory_id = $1 AND ($2 IS NULL OR p.action_id = $2) AND ($3 IS NULL OR p.state = $3) \
             AND ($4 IS NULL OR p.id > $4) ORDER BY p.id LIMIT $5"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Nullable<SqlUuid>, _>(action_id)
        .bind::<Nullable<Text>, _>(state)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

pub async fn insert(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    action_id: Uuid,
    path: &NewCompanyPath,
    created_by: Uuid,
) -> Result<CompanyPath, Problem> {
    let id = new_id();
    let kinds: Vec<StepKind> = path.steps.iter().map(|step| step.kind).collect();
    let titles: Vec<&str> = path.steps.iter().map(|step| step.title.trim_matches(' ')).collect();
    cached(
        sql_query(
            "WITH made AS ( \
               INSERT INTO company_paths (id, territory_id, action_id, state, title, description, created_by) \
               VALUES ($1, $2, $3, 'open', $4, $5, $6) RETURNING id \
             ) \
             INSERT INTO company_path_steps (territory_id, path_id, position, kind, title) \
             SELECT $2, made.id, n.nth, n.kind, n.title \
               FROM made, unnest($7, $8) WITH ORDINALITY AS n (kind, title, nth)",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(action_id)
        .bind::<Text, _>(path.title.trim_matches(' '))
        .bind::<Text, _>(&path.description)
        .bind::<SqlUuid, _>(created_by)
        .bind::<Array<Text>, _>(kinds)
        .bind::<Array<Text>, _>(titles),
    )
    .execute(connection)
    .await?;
    find(connection, territory_id, id).await?.ok_or_else(Problem::not_found)
}

/// Closes a path that the transaction holds.
pub async fn close(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> Result<CompanyPath, Problem> {
    cached(
        sql_query(
            "UPDATE company_paths SET state = 'closed', version = version + 1 WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id),
    )
    .execute(connection)
    .await?;
    find(connection, territory_id, id).await?.ok_or_else(Problem::not_found)
}
