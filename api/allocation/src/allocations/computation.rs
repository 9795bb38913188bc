use super::Allocation;
use super::inputs;
use crate::queries::allocation_rows;
use crate::queries::allocations::{self, NewAllocation};
use crate::rules::plan::Plan;
use crate::rules::states::{ALLOCATION, AllocationState};
use crate::rules::terms::AllocationTerms;
use concilia_kernel::problem::Text;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Code, FieldError, Problem, new_id};
use concilia_planning::ProjectCall;
use diesel_async::AsyncPgConnection;

/// Computes and stores a run of a call that the transaction holds. One waits for approval at a time.
pub async fn compute(
    connection: &mut AsyncPgConnection,
    call: &ProjectCall,
    terms: &AllocationTerms,
    agent: Agent,
) -> Result<Allocation, Problem> {
    let read = inputs::read(connection, call).await?;
    read.require_complete(call)?;
    let standing = allocations::standing(connection, call.territory_id, call.id).await?;
    if let Some(waiting) = standing.computed {
        return Err(Problem::new(Code::Conflict).explain(
            format!("L'assegnazione n. {} attende approvazione: approvarla o scartarla.", waiting.number),
            format!("Allocation no. {} waits for approval: approve it or discard it.", waiting.number),
        ));
    }
    let plan = read.inputs.allocate(terms);
    require_fit(&plan, terms)?;
    let new = NewAllocation {
        id: new_id(),
        territory_id: call.territory_id,
        project_call_id: call.id,
        number: standing.last_number + 1,
        terms,
        inputs_hash: &read.inputs.hash(terms).map_err(Problem::internal)?,
        minimum_score: call.minimum_score,
        plan: &plan,
        computed_by: agent.id,
    };
    allocations::insert(connection, &new).await?;
    let rows = plan.rows.iter().filter_map(|row| Some((row, read.standing(row.project_id)?)));
    let rows: Vec<_> = rows.collect();
    allocation_rows::insert(connection, call.territory_id, new.id, &rows).await?;
    let made = (None, AllocationState::Computed.as_str());
    record(connection, call.territory_id, (ALLOCATION.aggregate, new.id), made, agent, None).await?;
    allocations::hold(connection, call.territory_id, new.id).await?.ok_or_else(Problem::not_found)
}

/// Refuses with 422 a plan above the budget, and says by how much.
fn require_fit(plan: &Plan, terms: &AllocationTerms) -> Result<(), Problem> {
    if plan.fits() {
        return Ok(());
    }
    let pointer = match terms {
        AllocationTerms::Bands(_) => "/bands",
        AllocationTerms::FlatPercentage(_) => "/percentage",
        // These never exceed the budget.
        AllocationTerms::RankedInFull(_) | AllocationTerms::Proportional(_) => "/method",
    };
    let (sum, budget, over_by) = (plan.base_amount, plan.budget, plan.over_by);
    let text = Text::new(
        format!("Le percentuali danno EUR {sum}: EUR {over_by} oltre le risorse, di EUR {budget}."),
        format!("The percentages give EUR {sum}: EUR {over_by} above the budget of EUR {budget}."),
    );
    let error = FieldError::pointer(pointer, "over_budget").value(over_by.to_string()).explain(&text);
    Err(Problem::new(Code::ValidationFailed).explain(text.it, text.en).with_error(error))
}
