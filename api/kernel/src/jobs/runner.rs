use super::JobState;
use super::queries::{self, Claimed};
use crate::db::{Db, transaction};
use crate::problem::Problem;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde_json::Value;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::time::Duration;
use uuid::Uuid;

/// A job that was taken up so often without making progress has failed with [`INTERRUPTED_TOO_OFTEN`]: what interrupts it
/// each time is not going to pass.
const MOST_ATTEMPTS: i16 = 10;

const INTERRUPTED_TOO_OFTEN: &str = "interrupted_too_often";

/// A job as its handler sees it.
#[derive(Debug, Clone)]
pub struct JobContext {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub organisation_id: Option<Uuid>,
    pub parameters: Value,
    /// Where an earlier run stopped, as it recorded it.
    pub resume_point: Option<Value>,
}

/// Why a job cannot succeed.
#[derive(Debug)]
pub enum JobFailure {
    /// The job's own fault: it ends with this stable code.
    Refused(&'static str),
    /// Ours, or the database's: the job is tried again when its lease ends, ten times without progress at most.
    Interrupted(Problem),
}

impl From<Problem> for JobFailure {
    fn from(problem: Problem) -> Self {
        Self::Interrupted(problem)
    }
}

impl From<diesel::result::Error> for JobFailure {
    fn from(error: diesel::result::Error) -> Self {
        Self::Interrupted(error.into())
    }
}

/// What runs the jobs of one kind. Returns the job's result.
pub trait JobHandler {
    fn kind(&self) -> &'static str;
    fn run<'a>(&'a self, db: &'a Db, job: JobContext) -> LocalBoxFuture<'a, Result<Value, JobFailure>>;
}

/// Takes up jobs one after the other, on the thread that polls it.
pub struct Runner {
    db: Db,
    handlers: Vec<Rc<dyn JobHandler>>,
}

impl Runner {
    pub fn new(db: Db, handlers: Vec<Rc<dyn JobHandler>>) -> Self {
        Self { db, handlers }
    }

    /// Runs until the future is dropped.
    pub async fn run(&self) {
        loop {
            match self.step().await {
                Ok(true) => {}
                Ok(false) => tokio::time::sleep(Duration::from_millis(100)).await,
                Err(problem) => {
                    tracing::warn!(%problem, "job runner");
                    tokio::time::sleep(Duration::from_secs(2)).await;
                }
            }
        }
    }

    /// Runs one job if one waits. False when there is nothing more to do for the moment.
    async fn step(&self) -> Result<bool, Problem> {
        let mut conn = self.db.conn().await?;
        let claimed = transaction(&mut conn, async |conn| Ok(queries::claim(conn).await?)).await?;
        let Some(claimed) = claimed else {
            queries::abort_lost_uploads(&mut conn).await?;
            return Ok(false);
        };
        drop(conn);
        let id = claimed.id;
        let handler = self.handlers.iter().find(|handler| handler.kind() == claimed.kind);
        let outcome = match handler {
            Some(_) if claimed.attempts > MOST_ATTEMPTS => Err(JobFailure::Refused(INTERRUPTED_TOO_OFTEN)),
            Some(handler) => self.attempt(&**handler, claimed).await,
            None => Err(JobFailure::Refused("unknown_kind")),
        };
        if let Err(problem) = self.settle(id, outcome).await {
            tracing::warn!(job = %id, %problem, "job interrupted");
            return Ok(false);
        }
        Ok(true)
    }

    /// A handler that panics interrupts its own job and no other.
    async fn attempt(&self, handler: &dyn JobHandler, claimed: Claimed) -> Result<Value, JobFailure> {
        let job = JobContext {
            id: claimed.id,
            territory_id: claimed.territory_id,
            organisation_id: claimed.organisation_id,
            parameters: claimed.parameters,
            resume_point: claimed.resume_point,
        };
        let ran = AssertUnwindSafe(async { handler.run(&self.db, job).await }).catch_unwind().await;
        ran.unwrap_or_else(|_| Err(Problem::internal("the handler panicked").into()))
    }

    /// Records how a job ended. An interrupted one is left for its lease to end.
    async fn settle(&self, id: Uuid, outcome: Result<Value, JobFailure>) -> Result<(), Problem> {
        let mut conn = self.db.conn().await?;
        match outcome {
            Ok(result) => queries::finish(&mut conn, id, &result).await?,
            Err(JobFailure::Refused(code)) => queries::fail(&mut conn, id, JobState::Failed, code).await?,
            Err(JobFailure::Interrupted(problem)) => return Err(problem),
        }
        Ok(())
    }
}
