use super::family_plan::FamilyPlan;
use super::submission::{Outcome, Submission, place};
use concilia_kernel::db::{DbError, PoolSettings};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Db, Problem};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use tokio::sync::{Semaphore, mpsc, oneshot};

/// Plans placed in one turn at most: enough to share the cost of a statement, few enough to hold locks for a moment only.
const PLANS_A_TURN: usize = 32;

/// Where the submissions of one worker thread meet: those that arrive while others are being written are written together
/// in the next turn. One that arrives alone is written at once. A turn waits for nobody: what would have to wait is given
/// back, for its own request to wait for.
#[derive(Clone)]
pub struct SubmissionQueue {
    turns: mpsc::UnboundedSender<Waiting>,
    /// Requests that may wait for others at a time: at most half of the connections of the thread, so that a family that
    /// submits hundreds of plans on one voucher leaves the others theirs.
    patient: Rc<Semaphore>,
    db: Db,
}

struct Waiting {
    submission: Submission,
    told: oneshot::Sender<Outcome>,
}

impl SubmissionQueue {
    /// Starts its turns on the current worker thread, on a connection of their own; they end with the last handle.
    pub fn start(db: Db, settings: PoolSettings) -> Result<Self, DbError> {
        let (turns, waiting) = mpsc::unbounded_channel();
        let patient = Rc::new(Semaphore::new((settings.per_worker / 2).max(1)));
        actix_web::rt::spawn(take_turns(Db::new(PoolSettings { per_worker: 1, ..settings })?, waiting));
        Ok(Self { turns, patient, db })
    }

    /// Places a plan with those that arrive with it or, where it has to wait for others, alone.
    pub(super) async fn place(&self, submission: Submission, vault: &Vault) -> Result<FamilyPlan, Problem> {
        if let Some(outcome) = self.with_others(submission.clone()).await {
            return outcome.into_plan(vault);
        }
        let _turn = self.patient.acquire().await.map_err(Problem::internal)?;
        submission.place(&mut *self.db.conn().await?, vault).await
    }

    /// Nothing where the plan was passed over, as it has to wait, or where the turn failed: both are placed alone then.
    async fn with_others(&self, submission: Submission) -> Option<Outcome> {
        let (told, outcome) = oneshot::channel();
        self.turns.send(Waiting { submission, told }).ok()?;
        outcome.await.ok()
    }
}

async fn take_turns(db: Db, mut waiting: mpsc::UnboundedReceiver<Waiting>) {
    let mut turn = Vec::with_capacity(PLANS_A_TURN);
    while waiting.recv_many(&mut turn, PLANS_A_TURN).await > 0 {
        let mut plans = HashSet::new();
        turn.retain(|waiting| plans.insert(waiting.submission.family_plan_id));
        let outcomes = take_turn(&db, &turn).await;
        if let Err(problem) = &outcomes {
            tracing::warn!(%problem, plans = turn.len(), "plans could not be placed together");
        }
        let mut outcomes: HashMap<_, _> =
            outcomes.unwrap_or_default().into_iter().map(|outcome| (outcome.family_plan_id, outcome)).collect();
        for waiting in turn.drain(..) {
            if let Some(outcome) = outcomes.remove(&waiting.submission.family_plan_id) {
                // A caller that has gone away finds its orders when it looks.
                let _gone = waiting.told.send(outcome);
            }
        }
    }
}

async fn take_turn(db: &Db, turn: &[Waiting]) -> Result<Vec<Outcome>, Problem> {
    let submissions: Vec<&Submission> = turn.iter().map(|waiting| &waiting.submission).collect();
    place(&mut *db.conn().await?, &submissions, false).await
}
