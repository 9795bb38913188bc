use super::{PROJECT_CALL, ProjectCallState, writes};
use concilia_kernel::outbox::publish;
use concilia_kernel::problem::FieldError;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Code, Problem};
use diesel_async::AsyncPgConnection;
use serde_json::json;
use uuid::Uuid;

/// Moves a call of the territory, records who and why, and tells the outbox. Refused with 409 when the move does not
/// exist, or the call has left the state `from`: hold it first, with [`super::hold_project_call`].
pub async fn move_project_call(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    (from, to): (ProjectCallState, ProjectCallState),
    agent: Agent,
    reason: Option<&str>,
) -> Result<(), Problem> {
    PROJECT_CALL.check(from, to)?;
    if !writes::set_state(connection, territory_id, id, from, to).await? {
        return Err(Problem::new(Code::TransitionNotAllowed)
            .explain(
                format!("L'avviso non è più nello stato «{from}»."),
                format!("The call is no longer in state '{from}'."),
            )
            .with_error(FieldError::pointer("/state", "transition_not_allowed").value(from.as_str())));
    }
    let moved = (Some(from.as_str()), to.as_str());
    record(connection, territory_id, (PROJECT_CALL.aggregate, id), moved, agent, reason).await?;
    publish(connection, territory_id, event(from, to), id, json!({})).await?;
    Ok(())
}

fn event(from: ProjectCallState, to: ProjectCallState) -> &'static str {
    match (from, to) {
        (ProjectCallState::Closed, ProjectCallState::Open) => "project_call.reopened",
        // No move leads back to a draft.
        (_, ProjectCallState::Draft | ProjectCallState::Open) => "project_call.opened",
        (_, ProjectCallState::Closed) => "project_call.closed",
        (_, ProjectCallState::Evaluating) => "project_call.evaluation_started",
        (_, ProjectCallState::Awarded) => "project_call.awarded",
        (_, ProjectCallState::Archived) => "project_call.archived",
        (_, ProjectCallState::Cancelled) => "project_call.cancelled",
    }
}

/// Closes every open call past its closing instant, in all territories, and tells how many: the sweeper's work.
/// Alliances need not wait for it, as a call past that instant takes no submissions.
pub async fn close_due_project_calls(connection: &mut AsyncPgConnection) -> diesel::QueryResult<usize> {
    writes::close_due(connection).await
}
