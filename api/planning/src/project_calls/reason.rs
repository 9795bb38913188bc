use super::{ProjectCall, ProjectCallState, held, move_project_call};
use concilia_kernel::checks;
use concilia_kernel::extract::etag_of;
use concilia_kernel::idempotency::Reply;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Problem, Role, now};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Why a call is moved.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Termine raggiunto"}))]
pub struct ProjectCallReason {
    /// The reason, kept in the call's history.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub reason: String,
}

/// One move of a call by an officer of the agency. An open call past its closing instant is closed first, by time.
pub(super) async fn act(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    id: Uuid,
    to: ProjectCallState,
    reason: Option<&str>,
) -> Result<Reply, Problem> {
    let mut call = held(connection, actor, id).await?;
    let after_closing = matches!(to, ProjectCallState::Evaluating | ProjectCallState::Cancelled);
    if after_closing && call.state == ProjectCallState::Open && call.closes_at <= now() {
        let closed = (ProjectCallState::Open, ProjectCallState::Closed);
        move_project_call(connection, call.territory_id, id, closed, Agent::SYSTEM, None).await?;
        call.state = ProjectCallState::Closed;
    }
    let agent = Agent::of(actor, Role::Ats);
    move_project_call(connection, call.territory_id, id, (call.state, to), agent, reason).await?;
    let call: ProjectCall = held(connection, actor, id).await?;
    Ok(Reply::ok(&call)?.etag(etag_of(call.version)))
}
