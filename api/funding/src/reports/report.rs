use crate::rules::cost_item::{CostItem, ExpenseSource};
use crate::rules::states::ExpenseReportState;
use crate::schema::expense_reports;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::Money;
use concilia_kernel::transition::Transition;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Numeric, Text, Uuid as SqlUuid};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a project spent in a period.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = expense_reports)]
pub struct ExpenseReport {
    /// Identifier.
    pub id: Uuid,
    /// The project.
    pub project_id: Uuid,
    /// 1 for the project's first, then 2, 3...
    #[schema(format = Int32, minimum = 1, maximum = 999)]
    pub number: i16,
    /// First day of the period.
    pub period_from: NaiveDate,
    /// Last day of the period.
    pub period_to: NaiveDate,
    /// State of the report.
    pub state: ExpenseReportState,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When the lead submitted it; null while it is a draft.
    #[schema(required)]
    pub submitted_at: Option<DateTime<Utc>>,
    /// When the agency validated it; null before.
    #[schema(required)]
    pub validated_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
    #[serde(skip)]
    #[schema(ignore)]
    pub submitted_by: Option<Uuid>,
}

/// Expenses of one partner on one cost item, borne by one source.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub struct ExpenseTotal {
    /// The partner.
    #[diesel(sql_type = SqlUuid)]
    pub organisation_id: Uuid,
    /// The cost item.
    #[diesel(sql_type = Text)]
    pub cost_item: CostItem,
    /// Who bears them.
    #[diesel(sql_type = Text)]
    pub source: ExpenseSource,
    /// How many.
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub expenses: i64,
    /// How many are not decided yet.
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub undecided: i64,
    /// EUR reported.
    #[diesel(sql_type = Numeric)]
    pub amount: Money,
    /// EUR accepted, of those decided.
    #[diesel(sql_type = Numeric)]
    pub accepted: Money,
}

/// What a report does to a cost item.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ExpenseItemStanding {
    /// The cost item; coordination is told apart from the rest of staff.
    pub item: CostItem,
    /// EUR it has.
    pub budget: Money,
    /// EUR of it used by validated reports.
    pub validated: Money,
    /// EUR that this report adds: as accepted where decided, else as reported. Zero once it is validated.
    pub reported: Money,
    /// EUR above the budget: with them the report cannot be validated.
    pub over: Money,
}

/// A report with its sums.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExpenseReportDetail {
    /// The report.
    pub report: ExpenseReport,
    /// EUR reported.
    pub amount: Money,
    /// EUR accepted, of the expenses decided.
    pub accepted: Money,
    /// Sums by partner, cost item and source. Partners see their own only.
    #[schema(min_items = 0, max_items = 9000)]
    pub totals: Vec<ExpenseTotal>,
    /// What it does to each cost item.
    #[schema(min_items = 0, max_items = 6)]
    pub items: Vec<ExpenseItemStanding>,
    /// EUR spent by the portal on vouchers up to the end of the period, and in no report yet: they are taken in when the
    /// report is submitted.
    pub vouchers_to_report: Money,
    /// Its moves, the oldest first.
    #[schema(min_items = 0, max_items = 1000)]
    pub history: Vec<Transition>,
}
