//! How far an import is, committed with each batch: a crash resumes exactly there.

use super::csv_fields::CsvLayout;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ResumePoint {
    /// Bytes of the input that are done with.
    pub(super) offset: u64,
    /// Line at that offset.
    pub(super) line: i64,
    pub(super) created: i64,
    pub(super) updated: i64,
    pub(super) unchanged: i64,
    pub(super) rejected: i64,
    /// Faults stored so far.
    pub(super) errors_stored: usize,
    /// What the header line of a CSV push said.
    pub(super) layout: Option<CsvLayout>,
    /// Employees ended by a full push; set by its last step.
    pub(super) ended: Option<i64>,
}

impl Default for ResumePoint {
    fn default() -> Self {
        Self {
            offset: 0,
            line: 1,
            created: 0,
            updated: 0,
            unchanged: 0,
            rejected: 0,
            errors_stored: 0,
            layout: None,
            ended: None,
        }
    }
}

impl ResumePoint {
    /// Rows done, good or bad.
    pub(super) fn done(&self) -> i64 {
        self.accepted() + self.rejected
    }

    pub(super) fn accepted(&self) -> i64 {
        self.created + self.updated + self.unchanged
    }
}
