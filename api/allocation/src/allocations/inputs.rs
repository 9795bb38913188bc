//! What a run is computed from, read from the contexts that own it.

use crate::queries::admissible_amounts;
use crate::queries::allocation_rows::Standing;
use crate::rules::inputs::Inputs;
use crate::rules::proposal::Proposal;
use concilia_evaluation::final_scores;
use concilia_kernel::{Code, Problem};
use concilia_planning::{Points, ProjectCall, ProjectCallState, ProjectState, ProjectSummary, list_call_projects};
use diesel::pg::Pg;
use diesel_async::AsyncConnectionCore;
use std::collections::HashMap;
use uuid::Uuid;

/// States of the projects that a run shares out among.
const SCORED: [ProjectState; 3] = [ProjectState::Scored, ProjectState::Funded, ProjectState::NotFunded];

/// States in which a project may still get a score.
const WAITING: [ProjectState; 3] =
    [ProjectState::Submitted, ProjectState::IntegrationRequested, ProjectState::Admissible];

/// States in which a grant is relied on: nothing is allocated anew around it.
const COMMITTED: [ProjectState; 6] = [
    ProjectState::Accepted,
    ProjectState::Signed,
    ProjectState::Running,
    ProjectState::Variation,
    ProjectState::Settled,
    ProjectState::Closed,
];

/// The inputs of a run of a call, and what stands in its way.
pub struct CallInputs {
    pub inputs: Inputs,
    /// The projects that it shares out among.
    pub projects: HashMap<Uuid, ProjectSummary>,
    /// References of the projects that may still get a score.
    pub waiting: Vec<String>,
    /// References of the projects that rely on their grants. They are computed with the others, for simulations; nothing
    /// is allocated anew around them.
    pub committed: Vec<String>,
}

/// Reads the scored projects of a call: three statements, however many there are.
pub async fn read<C>(connection: &mut C, call: &ProjectCall) -> Result<CallInputs, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let states: Vec<ProjectState> = [&SCORED[..], &WAITING, &COMMITTED].concat();
    let all = list_call_projects(connection, call.territory_id, call.id, &states).await?;
    let scores = final_scores(connection, call.territory_id, call.id).await?;
    let scores: HashMap<Uuid, Points> = scores.into_iter().collect();
    let ids: Vec<Uuid> = all.iter().map(|project| project.id).collect();
    let amounts = admissible_amounts::of_projects(connection, call.territory_id, &ids).await?;
    let mut amounts: HashMap<Uuid, _> = amounts.into_iter().map(|amount| (amount.project.id, amount)).collect();
    let mut read = CallInputs {
        inputs: Inputs { budget: call.budget, minimum_score: call.minimum_score, proposals: vec![] },
        projects: HashMap::new(),
        waiting: vec![],
        committed: vec![],
    };
    for project in all {
        if COMMITTED.contains(&project.state) {
            read.committed.push(project.reference.clone());
        }
        let scored = SCORED.contains(&project.state) || COMMITTED.contains(&project.state);
        let score = scores.get(&project.id).copied().filter(|_| scored);
        let (Some(score), Some(submitted_at)) = (score, project.submitted_at) else {
            read.waiting.push(project.reference);
            continue;
        };
        let lower = amounts.remove(&project.id).filter(|amount| amount.amount < project.requested_grant);
        read.inputs.proposals.push(Proposal {
            project_id: project.id,
            reference: project.reference.clone(),
            submitted_at,
            score,
            requested: project.requested_grant,
            admissible: lower.as_ref().map_or(project.requested_grant, |amount| amount.amount),
            admissible_reason: lower.map(|amount| amount.reason),
        });
        read.projects.insert(project.id, project);
    }
    Ok(read)
}

impl CallInputs {
    /// Refuses with 409 unless the call may be allocated: all its projects scored, none committed to a grant.
    pub fn require_complete(&self, call: &ProjectCall) -> Result<(), Problem> {
        require_evaluated(call)?;
        let refused = |it: String, en: String| Err(Problem::new(Code::Conflict).explain(it, en));
        if !self.committed.is_empty() {
            let projects = named(&self.committed);
            return refused(
                format!("Contributi già accettati: {projects}. L'assegnazione non si rifà più."),
                format!("Grants already accepted: {projects}. They are no longer allocated anew."),
            );
        }
        if !self.waiting.is_empty() {
            let projects = named(&self.waiting);
            return refused(
                format!("Progetti senza punteggio finale: {projects}."),
                format!("Projects without a final score: {projects}."),
            );
        }
        if self.inputs.proposals.is_empty() {
            return refused(
                "L'avviso non ha progetti con punteggio finale.".into(),
                "The call has no project with a final score.".into(),
            );
        }
        Ok(())
    }

    pub fn standing(&self, project_id: Uuid) -> Option<Standing> {
        let project = self.projects.get(&project_id)?;
        Some(Standing {
            lead_organisation_id: project.lead_organisation_id,
            submitted_at: project.submitted_at?,
            total_cost: project.total,
        })
    }
}

/// Refuses with 409 a call that is not being evaluated, or awarded, where a run may still correct the last one.
pub fn require_evaluated(call: &ProjectCall) -> Result<(), Problem> {
    if matches!(call.state, ProjectCallState::Evaluating | ProjectCallState::Awarded) {
        return Ok(());
    }
    Err(Problem::new(Code::Conflict).explain(
        format!("Si assegna un avviso in valutazione; questo è nello stato «{}».", call.state),
        format!("A call is allocated while it is being evaluated; this one is in state '{}'.", call.state),
    ))
}

/// The first few references.
fn named(references: &[String]) -> String {
    let first = references.iter().take(10).map(String::as_str).collect::<Vec<_>>().join(", ");
    if references.len() > 10 { format!("{first}…") } else { first }
}
