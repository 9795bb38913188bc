use super::family_plan::FamilyPlan;
use super::submission::{Outcome, Submission, place};
use concilia_kernel::db::{DbError, PoolSettings, Turns};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Db, Problem};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Plans placed in one turn at most: enough to share the cost of a statement, few enough to hold locks for a moment only.
const PLANS_A_TURN: usize = 32;

/// Where the submissions of one worker thread meet: those that arrive while others are being written are written together
/// in the next turn. A turn waits for nobody: what would have to wait is given back, for its own request to wait for.
#[derive(Clone)]
pub struct SubmissionQueue {
    turns: Turns<Submission, Outcome>,
    /// Requests that may wait for others at a time: at most half of the connections of the thread, so that a family that
    /// submits hundreds of plans on one voucher leaves the others theirs.
    patient: Rc<Semaphore>,
    db: Db,
}

impl SubmissionQueue {
    /// Starts its turns on the current worker thread, on a connection of their own; they end with the last handle.
    pub fn start(db: Db, settings: PoolSettings) -> Result<Self, DbError> {
        let patient = Rc::new(Semaphore::new((settings.per_worker / 2).max(1)));
        let own = Db::new(PoolSettings { per_worker: 1, ..settings })?;
        let turns = Turns::start(PLANS_A_TURN, async move |submissions: &[Submission]| {
            let outcomes = place_together(&own, submissions).await;
            if let Err(problem) = &outcomes {
                tracing::warn!(%problem, plans = submissions.len(), "plans could not be placed together");
            }
            let mut outcomes = outcomes.unwrap_or_default();
            submissions.iter().map(|submission| outcomes.remove(&submission.family_plan_id)).collect()
        });
        Ok(Self { turns, patient, db })
    }

    /// Places a plan with those that arrive with it or, where it has to wait for others or its turn failed, alone.
    pub(super) async fn place(&self, submission: Submission, vault: &Vault) -> Result<FamilyPlan, Problem> {
        if let Some(outcome) = self.turns.ask(submission.clone()).await {
            return outcome.into_plan(vault);
        }
        let _turn = self.patient.acquire().await.map_err(Problem::internal)?;
        submission.place(&mut *self.db.conn().await?, vault).await
    }
}

/// Places the first submission of each plan, and tells by plan what became of it: nothing where it has to wait.
async fn place_together(db: &Db, submissions: &[Submission]) -> Result<HashMap<Uuid, Outcome>, Problem> {
    let mut plans = HashSet::new();
    let firsts: Vec<&Submission> = submissions.iter().filter(|each| plans.insert(each.family_plan_id)).collect();
    let outcomes = place(&mut *db.conn().await?, &firsts, false).await?;
    Ok(outcomes.into_iter().map(|outcome| (outcome.family_plan_id, outcome)).collect())
}
