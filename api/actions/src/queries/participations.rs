use super::lock;
use crate::participations::PathParticipation;
use crate::participations::record_path_step::NewPathStep;
use crate::rules::states::ParticipationState;
use concilia_kernel::db::cached;
use concilia_kernel::{Problem, new_id, today};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Date, Nullable, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

const SELECT: &str = "SELECT x.id, x.path_id AS company_path_id, x.organisation_id, x.state, x.joined_on, x.version, \
    (SELECT count(*)::int2 FROM company_path_steps s WHERE s.path_id = x.path_id) AS steps_in_all, \
    coalesce((SELECT jsonb_agg(jsonb_build_object('position', d.position, 'done_on', d.done_on, 'outcome', d.outcome) \
                ORDER BY d.position) FROM path_participation_steps d WHERE d.participation_id = x.id), '[]') AS steps_done \
    FROM path_participations x ";

pub async fn find<C>(connection: &mut C, territory_id: Uuid, id: Uuid) -> QueryResult<Option<PathParticipation>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!("{SELECT} WHERE x.territory_id = $1 AND x.id = $2"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// A company on its path, held until the transaction ends.
pub async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<PathParticipation>> {
    lock(connection, "path_participations", territory_id, id).await?;
    find(connection, territory_id, id).await
}

/// Which companies on paths to list, and for whom.
#[derive(Debug)]
pub struct Selection {
    pub company_path_id: Option<Uuid>,
    pub organisation_id: Option<Uuid>,
    pub state: Option<ParticipationState>,
    pub offices: Vec<Uuid>,
    pub is_ats: bool,
}

pub async fn list<C>(
    connection: &mut C,
    territory_id: Uuid,
    selection: &Selection,
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<PathParticipation>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "{SELECT} WHERE x.territory_id = $1 AND ($2 OR x.organisation_id = ANY($3)) \
             AND ($4 IS NULL OR x.path_id = $4) AND ($5 IS NULL OR x.organisation_id = $5) \
             AND ($6 IS NULL OR x.state = $6) AND ($7 IS NULL OR x.id > $7) ORDER BY x.id LIMIT $8"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Bool, _>(selection.is_ats)
        .bind::<Array<SqlUuid>, _>(&selection.offices)
        .bind::<Nullable<SqlUuid>, _>(selection.company_path_id)
        .bind::<Nullable<SqlUuid>, _>(selection.organisation_id)
        .bind::<Nullable<Text>, _>(selection.state)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

/// Puts a company on a path. One that is on it already is a unique violation, hence 409.
pub async fn insert(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    path_id: Uuid,
    organisation_id: Uuid,
    created_by: Uuid,
) -> Result<PathParticipation, Problem> {
    let id = new_id();
    cached(
        sql_query(
            "INSERT INTO path_participations (id, territory_id, path_id, organisation_id, state, joined_on, created_by) \
             VALUES ($1, $2, $3, $4, 'running', $5, $6)",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(path_id)
        .bind::<SqlUuid, _>(organisation_id)
        .bind::<Date, _>(today())
        .bind::<SqlUuid, _>(created_by),
    )
    .execute(connection)
    .await?;
    find(connection, territory_id, id).await?.ok_or_else(Problem::not_found)
}

/// Records the next step of a company that the transaction holds.
pub async fn insert_step(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    on_path: &PathParticipation,
    step: &NewPathStep,
    recorded_by: Uuid,
) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO path_participation_steps (participation_id, territory_id, path_id, position, done_on, outcome, \
               recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind::<SqlUuid, _>(on_path.id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(on_path.company_path_id)
        .bind::<SmallInt, _>(step.position)
        .bind::<Date, _>(step.done_on)
        .bind::<Text, _>(&step.outcome)
        .bind::<SqlUuid, _>(recorded_by),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Moves a company that the transaction holds.
pub async fn set_state(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    state: ParticipationState,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE path_participations SET state = $3, version = version + 1 WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(state),
    )
    .execute(connection)
    .await?;
    Ok(())
}
