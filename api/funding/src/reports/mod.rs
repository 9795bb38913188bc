//! Expense reports: written by the alliance, examined and validated by the agency.

pub mod create_expense_report;
pub mod get_expense_report;
pub mod list_expense_reports;
mod queries;
pub mod remove_expense_report;
mod report;
pub mod return_expense_report;
pub mod submit_expense_report;
pub mod validate_expense_report;

pub(crate) use queries::{find_report, hold_report, validated_totals};
pub use report::{ExpenseItemStanding, ExpenseReport, ExpenseReportDetail, ExpenseTotal};
