use crate::db::schema::jobs;
use crate::text_enum;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

text_enum! {
    /// State of a job.
    pub enum JobState {
        /// Its input is being uploaded.
        Receiving = "receiving",
        /// Waits for the runner.
        Queued = "queued",
        Running = "running",
        Succeeded = "succeeded",
        /// Ended by a fault, named by `failure_code`.
        Failed = "failed",
        /// Its input never arrived whole.
        Aborted = "aborted",
    }
}

/// Long work and how far it is.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = jobs)]
pub struct Job {
    pub id: Uuid,
    /// What the job does, such as `employee_import`.
    #[schema(max_length = 64, pattern = "^[a-z_]+$", example = "employee_import")]
    pub kind: String,
    pub state: JobState,
    /// Units of work in all, once known: rows for an import.
    #[schema(required, minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub total: Option<i64>,
    /// Units done, good or bad.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub done: i64,
    /// Rows refused; list them with `list_job_errors`.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub rows_in_error: i64,
    /// What came out, once succeeded; its members depend on `kind`.
    #[schema(required, value_type = Option<std::collections::BTreeMap<String, i64>>)]
    pub result: Option<serde_json::Value>,
    /// Why it failed; `interrupted_too_often` when it was ours, and not to be put right by trying again.
    #[schema(required, max_length = 64, pattern = "^[a-z_]+$")]
    pub failure_code: Option<String>,
    pub created_at: DateTime<Utc>,
    #[schema(required)]
    pub started_at: Option<DateTime<Utc>>,
    #[schema(required)]
    pub finished_at: Option<DateTime<Utc>>,
}
