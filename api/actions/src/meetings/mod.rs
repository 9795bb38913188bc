//! Meetings of actions: planned, held with whoever took part, or cancelled.

pub mod cancel_action_meeting;
pub mod create_action_meeting;
pub mod hold_action_meeting;
pub mod list_action_meetings;
mod meeting;

pub use meeting::ActionMeeting;

use crate::rules::states::{ACTION_MEETING, ActionMeetingState};
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Problem, Role};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

async fn record_move(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    id: Uuid,
    moved: (Option<ActionMeetingState>, ActionMeetingState),
    reason: Option<&str>,
) -> Result<(), Problem> {
    let moved = (moved.0.map(ActionMeetingState::as_str), moved.1.as_str());
    let agent = Agent::of(actor, Role::Ats);
    record(connection, actor.territory_id, (ACTION_MEETING.aggregate, id), moved, agent, reason).await?;
    Ok(())
}
