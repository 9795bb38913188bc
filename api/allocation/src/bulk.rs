//! The officers' part, played for the demo and for imports.

use crate::allocations::{Act, Allocation, approve, compute};
use crate::queries::admissible_amounts;
use crate::rules::terms::AllocationTerms;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Money, Problem};
use concilia_planning::hold_project_call;
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Computes an allocation of a call that is being evaluated, and approves it, in the caller's transaction: as
/// `create_allocation` and `approve_allocation` do, with their checks. Author and approver are two persons.
pub async fn insert_approved_allocation(
    connection: &mut AsyncPgConnection,
    (territory_id, project_call_id): (Uuid, Uuid),
    terms: &AllocationTerms,
    act: Act<'_>,
    (author, approver): (Agent, Agent),
) -> Result<Allocation, Problem> {
    let held = hold_project_call(connection, territory_id, project_call_id).await?;
    let call = held.ok_or_else(Problem::not_found)?;
    let run = compute(connection, &call, terms, author).await?;
    approve(connection, &call, &run, act, approver).await
}

/// Sets what is admissible of a project. The caller vouches for what `set_admissible_amount` would check.
pub async fn insert_admissible_amount(
    connection: &mut AsyncPgConnection,
    (territory_id, project_id): (Uuid, Uuid),
    (amount, reason): (Money, &str),
    set_by: Option<Uuid>,
) -> Result<(), Problem> {
    Ok(admissible_amounts::insert(connection, (territory_id, project_id), (amount, reason), set_by).await?)
}
