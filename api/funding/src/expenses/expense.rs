use crate::agreements::as_hex;
use crate::rules::cost_item::{CostItem, ExpenseSource};
use crate::rules::hours::Hours;
use crate::rules::states::ExpenseDecision;
use crate::schema::expenses;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::{Money, text_enum};
use diesel::prelude::*;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

text_enum! {
    /// What a document is: `timesheet` for hours that a partner puts in.
    pub enum ExpenseDocumentType {
        Invoice = "invoice",
        Receipt = "receipt",
        Payslip = "payslip",
        Timesheet = "timesheet",
        Contract = "contract",
        Other = "other",
    }
}

/// The document of an expense.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExpenseDocument {
    /// What it is.
    #[serde(rename = "type")]
    pub type_: ExpenseDocumentType,
    /// Its number.
    #[schema(min_length = 1, max_length = 100)]
    pub number: String,
    /// Who issued it.
    #[schema(min_length = 1, max_length = 300)]
    pub issuer: String,
    /// Its date.
    pub date: NaiveDate,
    /// SHA-256 of the attached file; null until it is attached.
    #[serde(serialize_with = "maybe_hex")]
    #[schema(required, value_type = Option<String>, min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    pub sha256: Option<Vec<u8>>,
}

/// An expense on a report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Expense {
    /// Identifier.
    pub id: Uuid,
    /// The report.
    pub expense_report_id: Uuid,
    /// The partner that bore it.
    pub organisation_id: Uuid,
    /// The cost item.
    pub cost_item: CostItem,
    /// Who bears it in the end.
    pub source: ExpenseSource,
    /// What was bought or done.
    #[schema(min_length = 1, max_length = 500)]
    pub description: String,
    /// Day of the expense; the last day for hours of work.
    pub incurred_on: NaiveDate,
    /// EUR; for hours, hours times the hourly rate, rounded half up to the cent.
    pub amount: Money,
    /// Hours put in; null unless in kind.
    #[schema(required)]
    pub hours: Option<Hours>,
    /// EUR per hour; null unless in kind.
    #[schema(required)]
    pub hourly_rate: Option<Money>,
    /// Its document; null for what the portal spent.
    #[schema(required)]
    pub document: Option<ExpenseDocument>,
    /// The voucher call whose orders it sums up; null for what people typed in.
    #[schema(required)]
    pub voucher_call_id: Option<Uuid>,
    /// What the agency decided; null before.
    #[schema(required)]
    pub decision: Option<ExpenseDecision>,
    /// EUR accepted; null before the decision.
    #[schema(required)]
    pub accepted: Option<Money>,
    /// Why it was reduced or refused; null otherwise.
    #[schema(required, max_length = 1000)]
    pub decision_reason: Option<String>,
    /// When it was decided; null before.
    #[schema(required)]
    pub decided_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

#[allow(clippy::ref_option, reason = "serde hands out references to fields")]
fn maybe_hex<S: Serializer>(bytes: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    match bytes {
        Some(bytes) => as_hex(bytes, serializer),
        None => serializer.serialize_none(),
    }
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = expenses)]
pub(super) struct Row {
    pub id: Uuid,
    pub project_id: Uuid,
    pub expense_report_id: Uuid,
    pub organisation_id: Uuid,
    pub cost_item: CostItem,
    pub source: ExpenseSource,
    pub description: String,
    pub incurred_on: NaiveDate,
    pub amount: Money,
    pub hours: Option<Hours>,
    pub hourly_rate: Option<Money>,
    pub document_type: Option<ExpenseDocumentType>,
    pub document_number: Option<String>,
    pub document_issuer: Option<String>,
    pub document_date: Option<NaiveDate>,
    pub attachment_sha256: Option<Vec<u8>>,
    pub voucher_call_id: Option<Uuid>,
    pub decision: Option<ExpenseDecision>,
    pub accepted: Option<Money>,
    pub decision_reason: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub version: i64,
}

impl From<Row> for Expense {
    fn from(row: Row) -> Self {
        let sha256 = row.attachment_sha256;
        let document = match (row.document_type, row.document_number, row.document_issuer, row.document_date) {
            (Some(type_), Some(number), Some(issuer), Some(date)) => {
                Some(ExpenseDocument { type_, number, issuer, date, sha256 })
            }
            _ => None,
        };
        Self {
            id: row.id,
            expense_report_id: row.expense_report_id,
            organisation_id: row.organisation_id,
            cost_item: row.cost_item,
            source: row.source,
            description: row.description,
            incurred_on: row.incurred_on,
            amount: row.amount,
            hours: row.hours,
            hourly_rate: row.hourly_rate,
            document,
            voucher_call_id: row.voucher_call_id,
            decision: row.decision,
            accepted: row.accepted,
            decision_reason: row.decision_reason,
            decided_at: row.decided_at,
            version: row.version,
        }
    }
}
