//! Training events: written, published, held or cancelled by the agency; public once published.

pub mod cancel_event;
pub mod conclude_event;
mod content;
pub mod create_event;
mod event;
pub mod get_event;
pub mod list_events;
pub mod publish_event;
pub mod update_event;

pub use content::{EventContent, EventSessionContent};
pub use event::{Event, EventSession};

use crate::queries;
use crate::rules::states::{EVENT, EventState};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Problem, Role};
use diesel_async::AsyncPgConnection;
use serde_json::json;
use uuid::Uuid;

/// Moves an event that the transaction holds.
async fn advance(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    event: &Event,
    to: EventState,
    reason: Option<&str>,
) -> Result<Event, Problem> {
    EVENT.check(event.state, to)?;
    queries::events::set_state(connection, event.territory_id, event.id, to).await?;
    let moved = (Some(event.state.as_str()), to.as_str());
    let agent = Agent::of(actor, Role::Ats);
    record(connection, event.territory_id, (EVENT.aggregate, event.id), moved, agent, reason).await?;
    let told = json!({"action_id": event.action_id});
    publish(connection, event.territory_id, &format!("event.{to}"), event.id, told).await?;
    queries::events::find(connection, event.territory_id, event.id).await?.ok_or_else(Problem::not_found)
}

/// Refuses an action that the territory does not have.
async fn check_action(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    action_id: Option<Uuid>,
) -> Result<(), Problem> {
    let Some(action_id) = action_id else { return Ok(()) };
    let found = queries::actions::find(connection, territory_id, action_id).await?;
    found.map(|_| ()).ok_or_else(|| Problem::invalid("/action_id", "not_found"))
}
