use super::submission::{Outcome, Submission, place};
use concilia_kernel::{Db, Problem};
use std::collections::{HashMap, HashSet};
use tokio::sync::{mpsc, oneshot};

/// Plans placed in one turn at most: enough to share the cost of a statement, few enough to hold locks for a moment only.
const PLANS_A_TURN: usize = 32;

/// Where the submissions of one worker thread meet: those that arrive while others are being written are written together
/// in the next turn. One that arrives alone is written at once. A turn waits for nobody: what would have to wait is given
/// back, for its own request to wait for.
#[derive(Clone)]
pub struct SubmissionQueue(mpsc::UnboundedSender<Waiting>);

struct Waiting {
    submission: Submission,
    told: oneshot::Sender<Outcome>,
}

impl SubmissionQueue {
    /// Starts its turns on the current worker thread; they end with the last handle.
    pub fn start(db: Db) -> Self {
        let (sender, waiting) = mpsc::unbounded_channel();
        actix_web::rt::spawn(take_turns(db, waiting));
        Self(sender)
    }

    /// What became of the submission; `None` when it has to wait for others.
    pub(super) async fn place(&self, submission: Submission) -> Option<Outcome> {
        let (told, outcome) = oneshot::channel();
        self.0.send(Waiting { submission, told }).ok()?;
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
