//! Shifts between cost items: free within the threshold, approved by the agency above it.

pub mod approve_budget_shift;
pub mod create_budget_shift;
mod effect;
pub mod list_budget_shifts;
mod queries;
pub mod refuse_budget_shift;

pub use queries::BudgetShift;
pub(crate) use queries::find as shift_of;
