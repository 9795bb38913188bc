use super::{Allocation, inputs};
use crate::queries::{allocation_rows, allocations};
use crate::rules::states::{ALLOCATION, AllocationState};
use chrono::NaiveDate;
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Code, Problem};
use concilia_planning::{
    ProjectCall, ProjectCallState, ProjectMove, ProjectState, move_project_call, move_projects,
};
use diesel_async::AsyncPgConnection;
use serde_json::json;

/// The act by which an allocation is approved.
#[derive(Debug, Clone, Copy)]
pub struct Act<'a> {
    pub number: &'a str,
    pub date: NaiveDate,
}

/// Puts in force a run that the transaction holds with its call: the run in force before is superseded, the projects
/// are funded or not, the call is awarded. Never by who computed it, and only if its inputs still are what it was
/// computed from.
pub async fn approve(
    connection: &mut AsyncPgConnection,
    call: &ProjectCall,
    run: &Allocation,
    act: Act<'_>,
    agent: Agent,
) -> Result<Allocation, Problem> {
    ALLOCATION.check(run.state, AllocationState::Approved)?;
    if agent.id.is_some() && agent.id == run.computed_by {
        return Err(Problem::new(Code::ApproverIsAuthor).explain(
            "Chi ha calcolato l'assegnazione non può approvarla.",
            "Whoever computed the allocation cannot approve it.",
        ));
    }
    let read = inputs::read(connection, call).await?;
    read.require_complete(call)?;
    if read.inputs.hash(&run.terms.0).map_err(Problem::internal)?[..] != run.inputs_hash[..] {
        return Err(Problem::new(Code::Conflict).explain(
            "I dati di partenza non sono più quelli dell'assegnazione: scartarla e calcolarla di nuovo.",
            "The inputs are no longer those of the allocation: discard it and compute it again.",
        ));
    }
    let standing = allocations::standing(connection, call.territory_id, call.id).await?;
    if let Some(before) = standing.approved {
        end(connection, &before, AllocationState::Superseded, agent, Some(act.number)).await?;
    }
    allocations::approve(connection, run, agent.id, (act.number, act.date)).await?;
    let approved = (Some(run.state.as_str()), AllocationState::Approved.as_str());
    let reason = Some(act.number);
    record(connection, run.territory_id, (ALLOCATION.aggregate, run.id), approved, agent, reason).await?;
    let mut moves = vec![];
    for (project_id, funded) in allocation_rows::funded(connection, run.territory_id, run.id).await? {
        let to = if funded { ProjectState::Funded } else { ProjectState::NotFunded };
        let from = read.projects.get(&project_id).ok_or_else(Problem::not_found)?.state;
        if from != to {
            moves.push(ProjectMove { project_id, from, to });
        }
    }
    move_projects(connection, run.territory_id, &moves, agent, reason).await?;
    if call.state != ProjectCallState::Awarded {
        let awarded = (call.state, ProjectCallState::Awarded);
        move_project_call(connection, run.territory_id, call.id, awarded, agent, reason).await?;
    }
    let told = json!({
        "project_call_id": call.id, "number": run.number, "assigned": run.assigned_grant, "residue": run.residue,
        "funded": run.funded,
    });
    publish(connection, run.territory_id, "allocation.approved", run.id, told).await?;
    allocations::hold(connection, run.territory_id, run.id).await?.ok_or_else(Problem::not_found)
}

/// Ends a run that the transaction holds.
pub async fn end(
    connection: &mut AsyncPgConnection,
    run: &Allocation,
    to: AllocationState,
    agent: Agent,
    reason: Option<&str>,
) -> Result<(), Problem> {
    ALLOCATION.check(run.state, to)?;
    allocations::end(connection, run, to).await?;
    let moved = (Some(run.state.as_str()), to.as_str());
    record(connection, run.territory_id, (ALLOCATION.aggregate, run.id), moved, agent, reason).await?;
    Ok(())
}
