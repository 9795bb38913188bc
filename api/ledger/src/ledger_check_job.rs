use crate::check_ledger;
use concilia_kernel::Db;
use concilia_kernel::jobs::{self, JobContext, JobFailure, JobHandler};
use futures_util::future::LocalBoxFuture;
use serde_json::{Value, json};

/// Kind of the job.
pub(crate) const KIND: &str = "ledger_check";

/// Checks the ledger of the job's territory. Ends in the counts, or fails with `ledger_unbalanced`; what was found
/// then is in the log and is printed by `concilia check-ledger`.
#[derive(Debug, Clone, Copy)]
pub struct LedgerCheck;

impl JobHandler for LedgerCheck {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run<'a>(&'a self, db: &'a Db, job: JobContext) -> LocalBoxFuture<'a, Result<Value, JobFailure>> {
        Box::pin(async move {
            let mut conn = db.conn().await?;
            let report = check_ledger(&mut conn, Some(job.territory_id)).await?;
            let faults = i64::try_from(report.violations.len()).unwrap_or(i64::MAX);
            jobs::set_progress(&mut conn, job.id, report.entries, faults, &Value::Null).await?;
            for violation in &report.violations {
                tracing::error!(job = %job.id, ?violation, "ledger unbalanced");
            }
            if faults > 0 {
                return Err(JobFailure::Refused("ledger_unbalanced"));
            }
            Ok(
                json!({ "entries": report.entries, "vouchers": report.vouchers, "calls": report.calls, "violations": 0 }),
            )
        })
    }
}
