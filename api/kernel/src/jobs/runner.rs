use super::{JobState, queries};
use crate::db::{Db, transaction};
use crate::problem::Problem;
use futures_util::future::LocalBoxFuture;
use serde_json::Value;
use std::rc::Rc;
use std::time::Duration;
use uuid::Uuid;

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
    /// Ours, or the database's: the job is tried again when its lease ends.
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

    /// Runs one job if one waits.
    async fn step(&self) -> Result<bool, Problem> {
        let mut conn = self.db.conn().await?;
        let claimed = transaction(&mut conn, async |conn| Ok(queries::claim(conn).await?)).await?;
        let Some(claimed) = claimed else {
            queries::abort_lost_uploads(&mut conn).await?;
            return Ok(false);
        };
        drop(conn);
        let Some(handler) = self.handlers.iter().find(|handler| handler.kind() == claimed.kind) else {
            let mut conn = self.db.conn().await?;
            queries::fail(&mut conn, claimed.id, JobState::Failed, "unknown_kind").await?;
            return Ok(true);
        };
        let job = JobContext {
            id: claimed.id,
            territory_id: claimed.territory_id,
            organisation_id: claimed.organisation_id,
            parameters: claimed.parameters,
            resume_point: claimed.resume_point,
        };
        let id = job.id;
        let outcome = handler.run(&self.db, job).await;
        let mut conn = self.db.conn().await?;
        match outcome {
            Ok(result) => queries::finish(&mut conn, id, &result).await?,
            Err(JobFailure::Refused(code)) => queries::fail(&mut conn, id, JobState::Failed, code).await?,
            Err(JobFailure::Interrupted(problem)) => return Err(problem),
        }
        Ok(true)
    }
}
