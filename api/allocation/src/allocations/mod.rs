//! Allocations: computed from frozen inputs, approved by a second person, explained to the cent.

mod allocation;
mod approval;
pub mod approve_allocation;
mod computation;
pub mod create_allocation;
pub mod discard_allocation;
pub mod get_allocation;
pub mod get_allocation_explanation;
mod in_force;
mod inputs;
pub mod list_allocations;
pub mod simulate_allocation;
mod suggest;
pub mod suggest_allocation;

pub use allocation::{AllocatedProject, Allocation, AllocationRow};
pub use approval::{Act, approve};
pub use computation::compute;
pub use in_force::allocation_in_force;

use concilia_kernel::{Actor, Problem, Role};
use concilia_planning::{ProjectCall, hold_project_call};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// The call of the caller's territory, held for a run.
async fn hold_call(connection: &mut AsyncPgConnection, actor: &Actor, id: Uuid) -> Result<ProjectCall, Problem> {
    hold_project_call(connection, actor.territory_id, id).await?.ok_or_else(Problem::not_found)
}

/// The run, held after its call.
async fn hold_run(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    id: Uuid,
) -> Result<(ProjectCall, Allocation), Problem> {
    let found =
        crate::queries::allocations::find(connection, actor.territory_id, actor.has(Role::Ats), id).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let call = hold_call(connection, actor, found.project_call_id).await?;
    let run = crate::queries::allocations::hold(connection, actor.territory_id, id).await?;
    Ok((call, run.ok_or_else(Problem::not_found)?))
}
