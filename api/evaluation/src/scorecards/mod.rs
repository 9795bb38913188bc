//! Scorecards: what each evaluator gives each project, criterion by criterion.

pub mod get_scorecard;
pub mod list_scorecards;
pub mod put_scorecard;
mod queries;
mod scorecard;
pub mod submit_scorecard;

pub use scorecard::{CriterionScore, Scorecard};

use crate::people::Names;
use concilia_kernel::{Actor, Code, Problem, Role};
use concilia_planning::{ProjectCall, ProjectCallState};
use diesel::pg::Pg;
use diesel_async::AsyncConnectionCore;
use uuid::Uuid;

/// Who looks at scorecards. Evaluators see their own, and the others' once the scoring is closed, but none of a project
/// with which they are in conflict; the agency sees who has given one, and the points once the scoring is closed.
#[derive(Debug, Clone, Copy)]
struct Viewer {
    territory_id: Uuid,
    account_id: Uuid,
    is_ats: bool,
}

impl Viewer {
    fn of(actor: &Actor) -> Self {
        Self { territory_id: actor.territory_id, account_id: actor.id, is_ats: actor.has(Role::Ats) }
    }
}

/// Refuses unless the evaluators of the call are scoring: its state says so, and the scoring is not closed.
fn require_scoring(call: &ProjectCall, closed: bool) -> Result<(), Problem> {
    if call.state == ProjectCallState::Evaluating && !closed {
        return Ok(());
    }
    let problem = Problem::new(Code::Conflict);
    Err(if closed {
        problem.explain(
            "La valutazione è chiusa: i punteggi non cambiano più.",
            "The scoring is closed: scores stay.",
        )
    } else {
        problem.explain(
            format!("L'avviso, nello stato «{}», non è in valutazione.", call.state),
            format!("The call, in state '{}', is not being evaluated.", call.state),
        )
    })
}

/// The cards with the names of their evaluators.
async fn with_names<C>(
    connection: &mut C,
    viewer: Viewer,
    rows: Vec<queries::Row>,
) -> diesel::QueryResult<Vec<Scorecard>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let accounts = rows.iter().map(|row| row.account_id);
    let organisations = rows.iter().map(|row| row.organisation_id);
    let names = Names::read(connection, viewer.territory_id, accounts, organisations).await?;
    Ok(rows.into_iter().map(|row| row.named(&names)).collect())
}
