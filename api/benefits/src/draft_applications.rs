//! Drafts without a request, for the demo.

use crate::queries::application_lines;
use crate::queries::applications::{self, NewApplication};
use crate::rules::states::{APPLICATION, ApplicationState};
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Problem, new_id};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// A draft to insert.
#[derive(Debug, Clone)]
pub struct DraftApplication {
    pub worker_id: Uuid,
    /// An employer of the worker that the call admits.
    pub employer_id: Uuid,
    /// Members of the worker's household, in the order of the lines; at least one.
    pub household_member_ids: Vec<Uuid>,
}

/// Inserts a draft. The caller vouches for what `create_application` would check.
pub async fn insert_draft_application(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    voucher_call_id: Uuid,
    draft: &DraftApplication,
    agent: Agent,
) -> Result<Uuid, Problem> {
    let DraftApplication { worker_id, employer_id, household_member_ids } = draft;
    let id = new_id();
    let new =
        NewApplication { id, territory_id, voucher_call_id, worker_id: *worker_id, employer_id: *employer_id };
    applications::insert(connection, &new).await?;
    application_lines::replace(connection, territory_id, id, voucher_call_id, household_member_ids).await?;
    let made = (None, ApplicationState::Draft.as_str());
    record(connection, territory_id, (APPLICATION.aggregate, id), made, agent, None).await?;
    Ok(id)
}
