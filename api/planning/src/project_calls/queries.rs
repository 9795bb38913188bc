use super::{ProjectCall, ProjectCallState};
use concilia_kernel::db::cached;
use concilia_kernel::{Actor, Role};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

pub(super) const COLUMNS: &str = "c.id, c.territory_id, c.plan_id, c.number, c.title, c.state, c.address_document_act, \
    c.address_document_date, c.budget, c.opens_at, c.closes_at, c.intervention_types, c.lead_kinds, \
    c.coordination_limit, c.cofinancing_minimum, c.shift_threshold, c.maximum_grant, c.minimum_score, \
    (SELECT coalesce(jsonb_agg(jsonb_build_object('code', g.code, 'title', g.title, 'maximum', g.maximum::text) \
       ORDER BY g.position), '[]') FROM evaluation_criteria g WHERE g.project_call_id = c.id) AS criteria, \
    (SELECT coalesce(sum(g.maximum), 0) FROM evaluation_criteria g WHERE g.project_call_id = c.id) AS maximum_score, \
    (SELECT coalesce(jsonb_agg(jsonb_build_object('act', e.act, 'act_date', e.act_date, \
       'previous_closes_at', e.previous_closes_at, 'closes_at', e.closes_at) ORDER BY e.extended_at, e.id), '[]') \
       FROM project_call_extensions e WHERE e.project_call_id = c.id) AS extensions, \
    c.published_at, c.created_at, c.version";

/// Public once it has been opened; before that, to the officers of its territory's agency.
const VISIBLE: &str = "(c.published_at IS NOT NULL OR ($2 AND c.territory_id = $1))";

/// Who reads calls: a published one is open to all, the others to the agency of its territory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallReader {
    pub territory_id: Option<Uuid>,
    pub is_ats: bool,
}

impl CallReader {
    pub(crate) fn of(actor: Option<&Actor>) -> Self {
        Self {
            territory_id: actor.map(|actor| actor.territory_id),
            is_ats: actor.is_some_and(|actor| actor.has(Role::Ats)),
        }
    }
}

/// The call, if the reader may see it.
pub(crate) async fn find_visible<C>(
    connection: &mut C,
    reader: CallReader,
    id: Uuid,
) -> QueryResult<Option<ProjectCall>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!("SELECT {COLUMNS} FROM project_calls c WHERE {VISIBLE} AND c.id = $3"))
            .bind::<Nullable<SqlUuid>, _>(reader.territory_id)
            .bind::<Bool, _>(reader.is_ats)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// Which calls to list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallFilter {
    pub territory_id: Option<Uuid>,
    pub plan_id: Option<Uuid>,
    pub state: Option<ProjectCallState>,
}

/// A page of the calls that the reader may see, newest first.
pub(crate) async fn list_visible<C>(
    connection: &mut C,
    reader: CallReader,
    filter: CallFilter,
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<ProjectCall>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "SELECT {COLUMNS} FROM project_calls c WHERE {VISIBLE} AND ($3 IS NULL OR c.territory_id = $3) \
             AND ($4 IS NULL OR c.plan_id = $4) AND ($5 IS NULL OR c.state = $5) AND ($6 IS NULL OR c.id < $6) \
             ORDER BY c.id DESC LIMIT $7"
        ))
        .bind::<Nullable<SqlUuid>, _>(reader.territory_id)
        .bind::<Bool, _>(reader.is_ats)
        .bind::<Nullable<SqlUuid>, _>(filter.territory_id)
        .bind::<Nullable<SqlUuid>, _>(filter.plan_id)
        .bind::<Nullable<Text>, _>(filter.state)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

async fn of_territory<C>(
    connection: &mut C,
    territory_id: Uuid,
    id: Uuid,
    lock: &str,
) -> QueryResult<Option<ProjectCall>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!("SELECT {COLUMNS} FROM project_calls c WHERE c.territory_id = $1 AND c.id = $2 {lock}"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// The call of the territory, drafts included.
pub async fn find_project_call<C>(
    connection: &mut C,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<ProjectCall>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    of_territory(connection, territory_id, id, "").await
}

/// The call, of whatever territory, once it has been published.
pub async fn find_published_project_call<C>(connection: &mut C, id: Uuid) -> QueryResult<Option<ProjectCall>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    find_visible(connection, CallReader::of(None), id).await
}

/// The call of the territory, for nobody else to work on until the transaction ends: its moves, and what waits for
/// submissions and scorecards under way. Hold a call before its projects.
pub async fn hold_project_call(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<ProjectCall>> {
    of_territory(connection, territory_id, id, "FOR UPDATE OF c").await
}

/// The call of the territory, whose state stays as it is until the transaction ends: submissions, scorecards.
pub async fn share_project_call(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<ProjectCall>> {
    of_territory(connection, territory_id, id, "FOR SHARE OF c").await
}
