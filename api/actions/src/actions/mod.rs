//! The agency's own actions: system and cross-cutting ones, each with its budget, co-financing and yearly targets.

mod action;
pub mod cancel_action;
pub mod conclude_action;
mod content;
pub mod create_action;
pub mod get_action;
pub mod list_actions;
pub mod start_action;
pub mod update_action;

pub use action::{Action, ActionCofinancing, ActionYear};
pub use content::ActionContent;

use crate::queries;
use crate::rules::states::{ACTION, ActionState};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, FieldError, Problem, Role};
use diesel_async::AsyncPgConnection;
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

/// Refuses organisations and projects that the territory does not have.
async fn check_references(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    content: &ActionContent,
) -> Result<(), Problem> {
    let partners: Vec<Uuid> = content.cofinancing.iter().map(|line| line.organisation_id).collect();
    let organisations = if partners.is_empty() {
        HashSet::new()
    } else {
        concilia_network::existing_organisations(connection, territory_id, &partners).await?
    };
    let projects = if content.project_ids.is_empty() {
        HashSet::new()
    } else {
        let found = concilia_planning::find_projects(connection, territory_id, &content.project_ids).await?;
        found.into_iter().map(|project| project.id).collect()
    };
    let unknown = |pointer: String, id: &Uuid| FieldError::pointer(pointer, "not_found").value(id.to_string());
    let mut errors = vec![];
    for (at, id) in partners.iter().enumerate().filter(|(_, id)| !organisations.contains(id)) {
        errors.push(unknown(format!("/cofinancing/{at}/organisation_id"), id));
    }
    for (at, id) in content.project_ids.iter().enumerate().filter(|(_, id)| !projects.contains(id)) {
        errors.push(unknown(format!("/project_ids/{at}"), id));
    }
    if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::ValidationFailed).with_errors(errors)) }
}

/// Moves an action that the transaction holds.
async fn advance(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    action: &Action,
    to: ActionState,
    reason: Option<&str>,
) -> Result<Action, Problem> {
    ACTION.check(action.state, to)?;
    queries::actions::set_state(connection, action.territory_id, action.id, to).await?;
    let moved = (Some(action.state.as_str()), to.as_str());
    let agent = Agent::of(actor, Role::Ats);
    record(connection, action.territory_id, (ACTION.aggregate, action.id), moved, agent, reason).await?;
    let event = format!("action.{to}");
    publish(connection, action.territory_id, &event, action.id, json!({"plan_id": action.plan_id})).await?;
    queries::actions::find(connection, action.territory_id, action.id).await?.ok_or_else(Problem::not_found)
}
