//! The job that takes a received push into the table.

use super::ImportMode;
use super::reader::Batch;
use super::receive::Parameters;
use super::resume_point::ResumePoint;
use super::source::{Next, Source};
use crate::employees::{self, TaxCodes, lock_employees};
use concilia_kernel::db::transaction;
use concilia_kernel::jobs::{self, JobContext, JobFailure, JobHandler, RowError};
use concilia_kernel::problem::Problem;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Code, Db};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use futures_util::future::LocalBoxFuture;
use serde_json::{Value, json};
use uuid::Uuid;

/// Faults kept of one push; all are counted.
const STORED_ERRORS: usize = 10_000;

/// Writes pushed employees in batches, each committed with its faults and the point from which to
/// resume, so that nothing is written or counted twice whatever dies in between.
pub struct EmployeeImport {
    vault: Vault,
}

impl EmployeeImport {
    /// `kind` of its jobs.
    pub const KIND: &'static str = "employee_import";

    pub fn new(vault: Vault) -> Self {
        Self { vault }
    }

    async fn import(&self, db: &Db, job: &JobContext) -> Result<Value, JobFailure> {
        let parameters: Parameters = serde_json::from_value(job.parameters.clone()).map_err(Problem::internal)?;
        let employer_id = job.organisation_id.ok_or_else(|| Problem::internal("an import without an employer"))?;
        let point = match &job.resume_point {
            Some(point) => serde_json::from_value(point.clone()).map_err(Problem::internal)?,
            None => ResumePoint::default(),
        };
        let mut run = Run { db, job, employer_id, mode: parameters.mode, point, tax_codes: TaxCodes::Trusted };
        if run.point.ended.is_none() {
            run.read(Source::new(db, job, self.vault.clone(), parameters.csv, &run.point)).await?;
            run.end().await?;
        }
        if parameters.mode == ImportMode::Full && run.point.accepted() == 0 {
            return Err(JobFailure::Refused("full_push_empty"));
        }
        let ResumePoint { created, updated, unchanged, rejected, ended, .. } = run.point;
        Ok(json!({
            "created": created, "updated": updated, "unchanged": unchanged,
            "ended": ended.unwrap_or_default(), "rejected": rejected,
        }))
    }
}

impl JobHandler for EmployeeImport {
    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn run<'a>(&'a self, db: &'a Db, job: JobContext) -> LocalBoxFuture<'a, Result<Value, JobFailure>> {
        Box::pin(async move { self.import(db, &job).await })
    }
}

/// One run of a job: from where an earlier one stopped to the end.
struct Run<'a> {
    db: &'a Db,
    job: &'a JobContext,
    employer_id: Uuid,
    mode: ImportMode,
    point: ResumePoint,
    /// Where one batch holds conflicts the next may too.
    tax_codes: TaxCodes,
}

impl Run<'_> {
    /// Writes each batch while the next one is read.
    async fn read(&mut self, mut source: Source<'_>) -> Result<(), JobFailure> {
        let mut next = source.next().await?;
        loop {
            match next {
                Next::Batch(batch) => {
                    let (written, following) = futures_util::join!(self.write(batch), source.next());
                    written?;
                    next = following?;
                }
                Next::Last(batch) => return self.write(batch).await,
                Next::Header(errors) => {
                    let mut conn = self.db.conn().await?;
                    jobs::record_errors(&mut conn, self.job.id, &errors).await?;
                    return Err(JobFailure::Refused("csv_header_invalid"));
                }
            }
        }
    }

    async fn write(&mut self, batch: Batch) -> Result<(), JobFailure> {
        if batch.records == 0 {
            return Ok(());
        }
        let mut conn = self.db.conn().await?;
        let (point, taken) = transaction(&mut conn, async |conn| {
            // Nothing is acknowledged before the job ends: its last commit waits for the disk.
            conn.batch_execute("SET LOCAL synchronous_commit = off").await?;
            self.hold(conn).await?;
            self.write_in(conn, batch).await
        })
        .await?;
        self.point = point;
        self.tax_codes = if taken { TaxCodes::Checked } else { TaxCodes::Trusted };
        Ok(())
    }

    /// Stops a run that was thought dead and replaced.
    async fn hold(&self, conn: &mut AsyncPgConnection) -> Result<(), Problem> {
        if jobs::hold(conn, self.job.id, self.point.done()).await? {
            return Ok(());
        }
        Err(Problem::new(Code::Conflict))
    }

    /// Returns how far the import is, and whether the batch held tax codes of others.
    async fn write_in(&self, conn: &mut AsyncPgConnection, batch: Batch) -> Result<(ResumePoint, bool), Problem> {
        lock_employees(conn, self.employer_id).await?;
        if self.mode == ImportMode::Full {
            batch.employees.note_presences(conn, self.job.id).await?;
            employees::note_presences(conn, self.job.id, &batch.present).await?;
        }
        let outcome = batch.employees.write(conn, self.job.territory_id, self.employer_id, self.tax_codes).await?;
        let mut errors = batch.errors;
        errors.extend(outcome.taken.iter().map(|line| RowError {
            line: *line,
            ordinal: 0,
            field: Some("tax_code".to_owned()),
            code: "tax_code_of_another_employee".to_owned(),
        }));
        errors.sort_unstable_by_key(|error| (error.line, error.ordinal));
        errors.truncate(STORED_ERRORS.saturating_sub(self.point.errors_stored));
        jobs::record_errors(conn, self.job.id, &errors).await?;
        let point = ResumePoint {
            offset: batch.position.0,
            line: batch.position.1,
            created: self.point.created + outcome.created,
            updated: self.point.updated + outcome.updated,
            unchanged: self.point.unchanged + outcome.unchanged,
            rejected: self.point.rejected + batch.faulty + outcome.taken.len() as i64,
            errors_stored: self.point.errors_stored + errors.len(),
            layout: batch.layout,
            ended: None,
        };
        self.save(conn, &point).await?;
        Ok((point, !outcome.taken.is_empty()))
    }

    async fn save(&self, conn: &mut AsyncPgConnection, point: &ResumePoint) -> Result<(), Problem> {
        let value = serde_json::to_value(point).map_err(Problem::internal)?;
        jobs::set_progress(conn, self.job.id, point.done(), point.rejected, &value).await?;
        Ok(())
    }

    /// After the last row: a full push ends the employment of those whom it does not name. One
    /// without a good row ends nobody: something went wrong where it was made.
    async fn end(&mut self) -> Result<(), JobFailure> {
        if self.mode == ImportMode::Partial {
            return Ok(());
        }
        let mut conn = self.db.conn().await?;
        let empty = self.point.accepted() == 0;
        let point = transaction(&mut conn, async |conn| {
            conn.batch_execute("SET LOCAL statement_timeout = 0").await?;
            self.hold(conn).await?;
            lock_employees(conn, self.employer_id).await?;
            let ended =
                if empty { 0 } else { employees::end_missing(conn, self.employer_id, self.job.id).await? };
            employees::forget_presences(conn, self.job.id).await?;
            let point = ResumePoint { ended: Some(ended), ..self.point.clone() };
            self.save(conn, &point).await?;
            Ok(point)
        })
        .await?;
        self.point = point;
        Ok(())
    }
}
