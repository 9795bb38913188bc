use super::summary::{ProjectSummary, hold_project};
use crate::rules::project_state::{PROJECT, ProjectState};
use crate::schema::projects;
use concilia_kernel::db::cached;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Code, Problem};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::HashMap;
use uuid::Uuid;

/// One project's move from the state it is thought to be in.
#[derive(Debug, Clone, Copy)]
pub struct ProjectMove {
    pub project_id: Uuid,
    pub from: ProjectState,
    pub to: ProjectState,
}

/// Moves a project, in the caller's transaction: records who, when and why, and publishes `project.<state>`.
///
/// 404 where there is no such project; 409 `transition_not_allowed` where it is no longer in `from`, or `from` does
/// not lead to `to`. Answers the project as it is now, and holds it.
pub async fn move_project(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
    (from, to): (ProjectState, ProjectState),
    agent: Agent,
    reason: Option<&str>,
) -> Result<ProjectSummary, Problem> {
    let project = hold_project(conn, territory_id, project_id).await?.ok_or_else(Problem::not_found)?;
    let step = ProjectMove { project_id, from, to };
    check(step, project.state, &project.reference)?;
    write(conn, territory_id, &[step], agent, reason).await?;
    Ok(ProjectSummary { state: to, version: project.version + 1, ..project })
}

/// As [`move_project`] for many at once, in two statements. All of them move, or none does.
pub async fn move_projects(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    moves: &[ProjectMove],
    agent: Agent,
    reason: Option<&str>,
) -> Result<(), Problem> {
    let ids: Vec<Uuid> = moves.iter().map(|step| step.project_id).collect();
    let held: Vec<(Uuid, String, ProjectState)> = projects::table
        .filter(projects::territory_id.eq(territory_id))
        .filter(projects::id.eq_any(&ids))
        .order(projects::id)
        .select((projects::id, projects::reference, projects::state))
        .for_update()
        .load(conn)
        .await?;
    let mut held: HashMap<Uuid, (String, ProjectState)> =
        held.into_iter().map(|(id, reference, state)| (id, (reference, state))).collect();
    for step in moves {
        let (reference, state) = held.remove(&step.project_id).ok_or_else(Problem::not_found)?;
        check(*step, state, &reference)?;
    }
    write(conn, territory_id, moves, agent, reason).await?;
    Ok(())
}

fn check(step: ProjectMove, state: ProjectState, reference: &str) -> Result<(), Problem> {
    PROJECT.check(state, step.to)?;
    if state == step.from {
        return Ok(());
    }
    Err(Problem::new(Code::TransitionNotAllowed).explain(
        format!("Il progetto {reference} non è più nello stato «{}»: ora è «{state}».", step.from),
        format!("Project {reference} is no longer in state '{}': now it is '{state}'.", step.from),
    ))
}

/// Writes moves of projects that the transaction holds.
async fn write(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    moves: &[ProjectMove],
    agent: Agent,
    reason: Option<&str>,
) -> QueryResult<()> {
    let ids: Vec<Uuid> = moves.iter().map(|step| step.project_id).collect();
    let before: Vec<&str> = moves.iter().map(|step| step.from.as_str()).collect();
    let after: Vec<&str> = moves.iter().map(|step| step.to.as_str()).collect();
    let moved = cached(
        sql_query(
            "WITH moved AS ( \
               UPDATE projects p SET state = w.after, version = p.version + 1 \
               FROM unnest($2, $3, $4) AS w (id, before, after) WHERE p.territory_id = $1 AND p.id = w.id \
               RETURNING p.id, w.before, w.after \
             ), told AS ( \
               INSERT INTO outbox (id, territory_id, event, aggregate_id, payload) \
               SELECT uuid_v7(), $1, 'project.' || after, id, jsonb_build_object('from', before) FROM moved \
             ) \
             INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, from_state, to_state, actor_id, \
               actor_role, reason) \
             SELECT uuid_v7(), $1, 'project', id, before, after, $5, $6, $7 FROM moved",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Array<SqlUuid>, _>(&ids)
        .bind::<Array<Text>, _>(&before)
        .bind::<Array<Text>, _>(&after)
        .bind::<Nullable<SqlUuid>, _>(agent.id)
        .bind::<Text, _>(agent.role)
        .bind::<Nullable<Text>, _>(reason),
    )
    .execute(conn)
    .await?;
    debug_assert_eq!(moved, moves.len(), "the rows are held");
    Ok(())
}
