use super::{
    AddressDocumentInput, CriterionInput, LeadKinds, PROJECT_CALL, ProjectCall, ProjectCallContent,
    ProjectCallState,
};
use crate::{InterventionType, Points};
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Money, Problem, Ratio, Role, new_id};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{
    Array, BigInt, Bool, Date, Jsonb, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde_json::{Value, json};
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

/// A call to enter. The caller vouches for what `create_project_call` and the moves up to `state` would check.
#[derive(Debug, Clone)]
pub struct NewProjectCall<'a> {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub plan_id: Uuid,
    /// 1 to 999, unique in the territory.
    pub number: i16,
    pub title: &'a str,
    pub state: ProjectCallState,
    pub address_document: &'a AddressDocumentInput,
    pub budget: Money,
    pub opens_at: DateTime<Utc>,
    pub closes_at: DateTime<Utc>,
    pub intervention_types: &'a [InterventionType],
    pub lead_kinds: LeadKinds,
    pub coordination_limit: Ratio,
    pub cofinancing_minimum: Ratio,
    pub shift_threshold: Ratio,
    pub maximum_grant: Option<Money>,
    pub minimum_score: Option<Points>,
    /// 1 to 30, in their order.
    pub criteria: &'a [CriterionInput],
    pub agent: Agent,
}

/// The number after the territory's last; two calls made together do not take the same.
pub(super) async fn next_number(connection: &mut AsyncPgConnection, territory_id: Uuid) -> Result<i16, Problem> {
    #[derive(QueryableByName)]
    struct Next {
        #[diesel(sql_type = SmallInt)]
        next: i16,
    }
    cached(
        sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))")
            .bind::<Text, _>(format!("project_calls.number {territory_id}")),
    )
    .execute(connection)
    .await?;
    let Next { next } = cached(
        sql_query(
            "SELECT (coalesce(max(number), 0) + 1)::smallint AS next FROM project_calls WHERE territory_id = $1",
        )
        .bind::<SqlUuid, _>(territory_id),
    )
    .get_result(connection)
    .await?;
    if next > 999 {
        return Err(Problem::new(Code::Conflict).explain(
            "Gli avvisi si numerano fino a 999: indicare un numero libero.",
            "Calls are numbered up to 999: name a free number.",
        ));
    }
    Ok(next)
}

fn grid(criteria: &[CriterionInput]) -> Value {
    criteria.iter().map(|c| json!({"code": c.code, "title": c.title.trim(), "maximum": c.maximum})).collect()
}

const INSERT_GRID: &str = "INSERT INTO evaluation_criteria (territory_id, project_call_id, position, code, title, maximum) \
    SELECT $1, $2, g.position, g.item->>'code', g.item->>'title', (g.item->>'maximum')::numeric \
    FROM jsonb_array_elements($3) WITH ORDINALITY AS g (item, position)";

async fn insert_grid(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    criteria: &[CriterionInput],
) -> QueryResult<()> {
    cached(
        sql_query(INSERT_GRID)
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id)
            .bind::<Jsonb, _>(grid(criteria)),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Enters a call in the state given, with its grid. A taken number is a unique violation, hence 409.
pub async fn insert_project_call(
    connection: &mut AsyncPgConnection,
    new: &NewProjectCall<'_>,
) -> Result<ProjectCall, Problem> {
    cached(
        sql_query(
            "INSERT INTO project_calls (id, territory_id, plan_id, number, title, state, address_document_act, \
               address_document_date, budget, opens_at, closes_at, intervention_types, lead_kinds, coordination_limit, \
               cofinancing_minimum, shift_threshold, maximum_grant, minimum_score, created_by) \
             VALUES ($1, $2, $3, $4, $5, 'draft', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        )
        .bind::<SqlUuid, _>(new.id)
        .bind::<SqlUuid, _>(new.territory_id)
        .bind::<SqlUuid, _>(new.plan_id)
        .bind::<SmallInt, _>(new.number)
        .bind::<Text, _>(new.title.trim_matches(' '))
        .bind::<Text, _>(new.address_document.act.trim_matches(' '))
        .bind::<Date, _>(new.address_document.date)
        .bind::<Numeric, _>(new.budget)
        .bind::<Timestamptz, _>(new.opens_at)
        .bind::<Timestamptz, _>(new.closes_at)
        .bind::<Array<Text>, _>(new.intervention_types)
        .bind::<Text, _>(new.lead_kinds)
        .bind::<Numeric, _>(new.coordination_limit)
        .bind::<Numeric, _>(new.cofinancing_minimum)
        .bind::<Numeric, _>(new.shift_threshold)
        .bind::<Nullable<Numeric>, _>(new.maximum_grant)
        .bind::<Nullable<Numeric>, _>(new.minimum_score)
        .bind::<Nullable<SqlUuid>, _>(new.agent.id),
    )
    .execute(connection)
    .await?;
    insert_grid(connection, new.territory_id, new.id, new.criteria).await?;
    if new.state != ProjectCallState::Draft {
        set_state(connection, new.territory_id, new.id, ProjectCallState::Draft, new.state).await?;
    }
    let made = (None, new.state.as_str());
    record(connection, new.territory_id, (PROJECT_CALL.aggregate, new.id), made, new.agent, None).await?;
    find_project_call(connection, new.territory_id, new.id).await?.ok_or_else(Problem::not_found)
}

/// Rewrites a draft that the transaction holds.
pub(super) async fn update_draft(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    content: &ProjectCallContent,
    (number, lead_kinds): (i16, LeadKinds),
) -> QueryResult<()> {
    cached(
        sql_query("DELETE FROM evaluation_criteria WHERE territory_id = $1 AND project_call_id = $2")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .execute(connection)
    .await?;
    insert_grid(connection, territory_id, id, &content.criteria).await?;
    cached(
        sql_query(
            "UPDATE project_calls SET plan_id = $3, number = $4, title = $5, address_document_act = $6, \
               address_document_date = $7, budget = $8, opens_at = $9, closes_at = $10, intervention_types = $11, \
               lead_kinds = $12, coordination_limit = $13, cofinancing_minimum = $14, shift_threshold = $15, \
               maximum_grant = $16, minimum_score = $17, version = version + 1 \
             WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(content.plan_id)
        .bind::<SmallInt, _>(number)
        .bind::<Text, _>(content.title.trim_matches(' '))
        .bind::<Text, _>(content.address_document.act.trim_matches(' '))
        .bind::<Date, _>(content.address_document.date)
        .bind::<Numeric, _>(content.budget)
        .bind::<Timestamptz, _>(content.opens_at)
        .bind::<Timestamptz, _>(content.closes_at)
        .bind::<Array<Text>, _>(&content.intervention_types)
        .bind::<Text, _>(lead_kinds)
        .bind::<Numeric, _>(content.coordination_limit)
        .bind::<Numeric, _>(content.cofinancing_minimum)
        .bind::<Numeric, _>(content.shift_threshold)
        .bind::<Nullable<Numeric>, _>(content.maximum_grant)
        .bind::<Nullable<Numeric>, _>(content.minimum_score),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Extends a call that the transaction holds, by an act of a date. The act comes first: the table of calls asks for it.
pub(super) async fn insert_extension(
    connection: &mut AsyncPgConnection,
    call: &ProjectCall,
    (act, act_date): (&str, NaiveDate),
    closes_at: DateTime<Utc>,
    extended_by: Uuid,
) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO project_call_extensions (id, territory_id, project_call_id, act, act_date, previous_closes_at, \
               closes_at, extended_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind::<SqlUuid, _>(new_id())
        .bind::<SqlUuid, _>(call.territory_id)
        .bind::<SqlUuid, _>(call.id)
        .bind::<Text, _>(act)
        .bind::<Date, _>(act_date)
        .bind::<Timestamptz, _>(call.closes_at)
        .bind::<Timestamptz, _>(closes_at)
        .bind::<SqlUuid, _>(extended_by),
    )
    .execute(connection)
    .await?;
    cached(
        sql_query(
            "UPDATE project_calls SET closes_at = $3, version = version + 1 WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(call.territory_id)
        .bind::<SqlUuid, _>(call.id)
        .bind::<Timestamptz, _>(closes_at),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Moves a call from a state; answers whether it was in it.
pub(crate) async fn set_state(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    from: ProjectCallState,
    to: ProjectCallState,
) -> QueryResult<bool> {
    let moved = cached(
        sql_query(
            "UPDATE project_calls SET state = $4, version = version + 1 \
             WHERE territory_id = $1 AND id = $2 AND state = $3",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(from)
        .bind::<Text, _>(to),
    )
    .execute(connection)
    .await?;
    Ok(moved == 1)
}

/// Closes, in every territory, the open calls past their closing instant; the sweeper's query, so it is of no territory.
pub(crate) async fn close_due(connection: &mut AsyncPgConnection) -> QueryResult<usize> {
    cached(sql_query(
        "WITH due AS ( \
           SELECT id FROM project_calls WHERE state = 'open' AND closes_at <= now() ORDER BY id FOR UPDATE SKIP LOCKED \
         ), closed AS ( \
           UPDATE project_calls c SET state = 'closed', version = version + 1 FROM due WHERE c.id = due.id \
           RETURNING c.id, c.territory_id \
         ), told AS ( \
           INSERT INTO outbox (id, territory_id, event, aggregate_id, payload) \
           SELECT uuid_v7(), territory_id, 'project_call.closed', id, '{}' FROM closed \
         ) \
         INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, from_state, to_state, actor_role) \
         SELECT uuid_v7(), territory_id, 'project_call', id, 'open', 'closed', 'system' FROM closed",
    ))
    .execute(connection)
    .await
}
