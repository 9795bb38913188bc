//! Project calls: written by the agency, opened to alliances, closed, evaluated, awarded.

pub mod archive_project_call;
pub mod cancel_project_call;
pub mod close_project_call;
mod content;
pub mod create_project_call;
pub mod extend_project_call;
pub mod get_project_call;
pub mod list_project_calls;
mod moves;
mod of_plan;
pub mod open_project_call;
mod project_call;
mod queries;
mod reason;
pub mod start_evaluation;
mod state;
pub mod update_project_call;
mod writes;

pub use content::{AddressDocumentInput, CriterionInput, ProjectCallContent};
pub use moves::{close_due_project_calls, move_project_call};
pub use of_plan::calls_of_plan;
pub use project_call::{AddressDocument, EvaluationCriterion, Extension, ProjectCall};
pub use queries::{find_project_call, find_published_project_call, hold_project_call, share_project_call};
pub use state::{LeadKinds, PROJECT_CALL, ProjectCallState};
pub use writes::{NewProjectCall, insert_project_call};

use concilia_kernel::problem::FieldError;
use concilia_kernel::{Actor, Code, Problem};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// The call of the caller's territory, held for a move.
async fn held(connection: &mut AsyncPgConnection, actor: &Actor, id: Uuid) -> Result<ProjectCall, Problem> {
    hold_project_call(connection, actor.territory_id, id).await?.ok_or_else(Problem::not_found)
}

/// The call's state forbids the operation.
fn wrong_state(call: &ProjectCall) -> Problem {
    Problem::new(Code::TransitionNotAllowed)
        .explain(
            format!("Un avviso nello stato «{}» non lo consente.", call.state),
            format!("A call in state '{}' does not allow it.", call.state),
        )
        .with_error(FieldError::pointer("/state", "transition_not_allowed").value(call.state.as_str()))
}
