use super::lock;
use crate::actions::{Action, ActionContent};
use crate::rules::kinds::ActionKind;
use crate::rules::states::ActionState;
use concilia_kernel::db::cached;
use concilia_kernel::{Money, Problem, new_id, now};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

const COLUMNS: &str = "a.id, a.territory_id, a.plan_id, a.kind, a.state, a.title, a.description, a.intervention_types, \
    a.budget, a.pending, a.paid, a.budget - a.pending - a.paid AS available, a.created_at, a.version, \
    coalesce((SELECT jsonb_agg(jsonb_build_object('year', y.year, 'planned', y.planned::text, \
                'expected_people', y.expected_people, 'expected_companies', y.expected_companies) ORDER BY y.year) \
              FROM action_years y WHERE y.action_id = a.id), '[]') AS years, \
    coalesce((SELECT jsonb_agg(jsonb_build_object('organisation_id', c.organisation_id, 'monetary', c.monetary::text, \
                'in_kind', c.in_kind::text) ORDER BY c.organisation_id) \
              FROM action_cofinancing_lines c WHERE c.action_id = a.id), '[]') AS cofinancing, \
    ARRAY(SELECT p.project_id FROM action_projects p WHERE p.action_id = a.id ORDER BY p.project_id) AS project_ids";

/// An action of the territory.
pub async fn find<C>(connection: &mut C, territory_id: Uuid, id: Uuid) -> QueryResult<Option<Action>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!("SELECT {COLUMNS} FROM actions a WHERE a.territory_id = $1 AND a.id = $2"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// An action of the territory, held until the transaction ends. It is read after the lock is had, lines and all.
pub async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<Action>> {
    lock(connection, "actions", territory_id, id).await?;
    find(connection, territory_id, id).await
}

/// Which actions to list.
#[derive(Debug, Clone, Copy)]
pub struct Selection {
    pub plan_id: Option<Uuid>,
    pub kind: Option<ActionKind>,
    pub state: Option<ActionState>,
}

/// A page of the territory's actions, oldest first.
pub async fn list<C>(
    connection: &mut C,
    territory_id: Uuid,
    selection: Selection,
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<Action>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "SELECT {COLUMNS} FROM actions a WHERE a.territory_id = $1 AND ($2 IS NULL OR a.plan_id = $2) \
             AND ($3 IS NULL OR a.kind = $3) AND ($4 IS NULL OR a.state = $4) AND ($5 IS NULL OR a.id > $5) \
             ORDER BY a.id LIMIT $6"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Nullable<SqlUuid>, _>(selection.plan_id)
        .bind::<Nullable<Text>, _>(selection.kind)
        .bind::<Nullable<Text>, _>(selection.state)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

/// Years of a plan, and EUR that it has left for its actions.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct PlanShare {
    #[diesel(sql_type = SmallInt)]
    pub from_year: i16,
    #[diesel(sql_type = SmallInt)]
    pub to_year: i16,
    #[diesel(sql_type = Numeric)]
    pub available: Money,
}

/// Holds a plan until the transaction ends, and tells what it has left for its actions but for the budget of `but`.
pub async fn hold_plan(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    plan_id: Uuid,
    but: Option<Uuid>,
) -> QueryResult<Option<PlanShare>> {
    cached(
        sql_query("SELECT from_year, to_year, available FROM hold_plan_for_actions($1, $2, $3)")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(plan_id)
            .bind::<Nullable<SqlUuid>, _>(but),
    )
    .get_result(connection)
    .await
    .optional()
}

/// A new planned action. The caller holds its plan and has checked what it refers to.
pub async fn insert(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    created_by: Uuid,
    content: &ActionContent,
) -> Result<Action, Problem> {
    let id = new_id();
    cached(
        sql_query(
            "INSERT INTO actions (id, territory_id, plan_id, kind, state, title, description, intervention_types, \
               budget, created_by, created_at) \
             VALUES ($1, $2, $3, $4, 'planned', $5, $6, $7, $8, $9, $10)",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(content.plan_id)
        .bind::<Text, _>(content.kind)
        .bind::<Text, _>(content.title.trim_matches(' '))
        .bind::<Text, _>(&content.description)
        .bind::<Array<Text>, _>(&content.intervention_types)
        .bind::<Numeric, _>(content.budget)
        .bind::<SqlUuid, _>(created_by)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    write_lines(connection, territory_id, id, content).await?;
    find(connection, territory_id, id).await?.ok_or_else(Problem::not_found)
}

/// Rewrites an action that the transaction holds with its plan.
pub async fn update(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    content: &ActionContent,
) -> Result<Action, Problem> {
    cached(
        sql_query(
            "UPDATE actions SET title = $3, description = $4, intervention_types = $5, budget = $6, \
               version = version + 1 WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(content.title.trim_matches(' '))
        .bind::<Text, _>(&content.description)
        .bind::<Array<Text>, _>(&content.intervention_types)
        .bind::<Numeric, _>(content.budget),
    )
    .execute(connection)
    .await?;
    write_lines(connection, territory_id, id, content).await?;
    find(connection, territory_id, id).await?.ok_or_else(Problem::not_found)
}

/// Makes the action's years, co-financing lines and projects those of `content`.
async fn write_lines(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    content: &ActionContent,
) -> QueryResult<()> {
    let years: Vec<i16> = content.years.iter().map(|year| year.year).collect();
    let planned: Vec<Money> = content.years.iter().map(|year| year.planned).collect();
    let people: Vec<i32> = content.years.iter().map(|year| year.expected_people).collect();
    let companies: Vec<i32> = content.years.iter().map(|year| year.expected_companies).collect();
    let organisations: Vec<Uuid> = content.cofinancing.iter().map(|line| line.organisation_id).collect();
    let monetary: Vec<Money> = content.cofinancing.iter().map(|line| line.monetary).collect();
    let in_kind: Vec<Money> = content.cofinancing.iter().map(|line| line.in_kind).collect();
    cached(
        sql_query(
            "WITH years_gone AS ( \
               DELETE FROM action_years WHERE territory_id = $1 AND action_id = $2 AND year <> ALL ($3) \
             ), years_come AS ( \
               INSERT INTO action_years (territory_id, action_id, year, planned, expected_people, expected_companies) \
               SELECT $1, $2, * FROM unnest($3, $4, $5, $6) \
               ON CONFLICT (action_id, year) DO UPDATE SET planned = excluded.planned, \
                 expected_people = excluded.expected_people, expected_companies = excluded.expected_companies \
             ), lines_gone AS ( \
               DELETE FROM action_cofinancing_lines \
               WHERE territory_id = $1 AND action_id = $2 AND organisation_id <> ALL ($7) \
             ), lines_come AS ( \
               INSERT INTO action_cofinancing_lines (territory_id, action_id, organisation_id, monetary, in_kind) \
               SELECT $1, $2, * FROM unnest($7, $8, $9) \
               ON CONFLICT (action_id, organisation_id) DO UPDATE SET monetary = excluded.monetary, \
                 in_kind = excluded.in_kind \
             ), projects_gone AS ( \
               DELETE FROM action_projects WHERE territory_id = $1 AND action_id = $2 AND project_id <> ALL ($10) \
             ) \
             INSERT INTO action_projects (territory_id, action_id, project_id) SELECT $1, $2, unnest($10) \
             ON CONFLICT DO NOTHING",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Array<SmallInt>, _>(years)
        .bind::<Array<Numeric>, _>(planned)
        .bind::<Array<Integer>, _>(people)
        .bind::<Array<Integer>, _>(companies)
        .bind::<Array<SqlUuid>, _>(organisations)
        .bind::<Array<Numeric>, _>(monetary)
        .bind::<Array<Numeric>, _>(in_kind)
        .bind::<Array<SqlUuid>, _>(&content.project_ids),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Moves an action that the transaction holds.
pub async fn set_state(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    state: ActionState,
) -> QueryResult<()> {
    cached(
        sql_query("UPDATE actions SET state = $3, version = version + 1 WHERE territory_id = $1 AND id = $2")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id)
            .bind::<Text, _>(state),
    )
    .execute(connection)
    .await?;
    Ok(())
}
