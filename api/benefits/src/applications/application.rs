//! An application as its worker and officers see it.

use crate::queries::applications::ApplicationRow;
use crate::rules::facts::{DeclaredChild, DeclaredHousehold};
use crate::rules::states::ApplicationState;
use chrono::{DateTime, Utc};
use concilia_kernel::Problem;
use concilia_kernel::vault::Vault;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Purposes under which snapshots are sealed.
pub const HOUSEHOLD_SEAL: &str = "applications.facts_sealed";
pub const CHILD_SEAL: &str = "application_lines.facts_sealed";

/// A worker's application to a voucher call, one line for each child or dependant.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-2222-7000-8000-000000000001", "voucher_call_id": "0193a5d0-1111-7000-8000-000000000001",
    "worker_id": "0193a5d0-2222-7000-8000-000000000002", "employer_id": "0193a5d0-2222-7000-8000-000000000003",
    "state": "submitted", "protocol_number": "2026/000123", "submitted_at": "2026-03-02T10:15:00Z",
    "declared_household": {"single_parent": false, "both_parents_working": true, "shift_work": true,
                           "no_relatives_nearby": false, "woman_entrepreneur": false, "isee": "14500.00"},
    "lines": [{"line": 1, "household_member_id": "0193a5d0-2222-7000-8000-000000000004",
               "declared_child": {"birth_date": "2019-05-20", "disability": false, "learning_disorder": true,
                                  "other_fragility": false}}],
    "created_at": "2026-03-02T10:00:00Z"
}))]
pub struct Application {
    /// Identifier of the application.
    pub id: Uuid,
    /// The call it answers.
    pub voucher_call_id: Uuid,
    /// The worker who applies.
    pub worker_id: Uuid,
    /// The admitted employer by which the worker is eligible.
    pub employer_id: Uuid,
    /// State of the application.
    pub state: ApplicationState,
    /// Number given at submission, gapless in its territory and year; null for a draft.
    #[schema(required, min_length = 11, max_length = 11, pattern = r"^\d{4}/\d{6}$", example = "2026/000123")]
    pub protocol_number: Option<String>,
    /// When it was first submitted; null for a draft.
    #[schema(required)]
    pub submitted_at: Option<DateTime<Utc>>,
    /// The household as declared at the last submission or correction; null for a draft, once withdrawn, and for the
    /// agency's officers.
    #[schema(required)]
    pub declared_household: Option<DeclaredHousehold>,
    /// The children and dependants it asks vouchers for.
    #[schema(min_items = 1, max_items = 20)]
    pub lines: Vec<ApplicationLine>,
    /// When the draft was made.
    pub created_at: DateTime<Utc>,
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

/// One child or dependant of an application.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApplicationLine {
    /// Number of the line in its application.
    #[schema(format = Int32, minimum = 1, maximum = 20)]
    pub line: i16,
    /// The member of the worker's household.
    pub household_member_id: Uuid,
    /// What was declared of it at the last submission or correction; null for a draft, once withdrawn, and for the
    /// agency's officers.
    #[schema(required)]
    pub declared_child: Option<DeclaredChild>,
}

impl Application {
    /// Opens what is sealed, for whoever may read it.
    pub fn open(row: &ApplicationRow, vault: &Vault) -> Result<Self, Problem> {
        let mut application = Self::closed(row);
        application.declared_household =
            row.facts_sealed.as_deref().map(|sealed| vault.open_json(HOUSEHOLD_SEAL, sealed)).transpose()?;
        for (line, sealed) in application.lines.iter_mut().zip(&row.child_facts_sealed) {
            line.declared_child =
                sealed.as_deref().map(|sealed| vault.open_json(CHILD_SEAL, sealed)).transpose()?;
        }
        Ok(application)
    }

    /// Leaves what is sealed as it is, for who may know of the application and not of the family.
    pub fn closed(row: &ApplicationRow) -> Self {
        let lines = row.household_member_ids.iter().zip(1..);
        let lines = lines.map(|(member, line)| ApplicationLine {
            line,
            household_member_id: *member,
            declared_child: None,
        });
        Self {
            id: row.id,
            voucher_call_id: row.voucher_call_id,
            worker_id: row.worker_id,
            employer_id: row.employer_id,
            state: row.state,
            protocol_number: row.protocol_number.clone(),
            submitted_at: row.submitted_at,
            declared_household: None,
            lines: lines.collect(),
            created_at: row.created_at,
            version: row.version,
        }
    }
}
