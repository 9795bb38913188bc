//! The executive budget of a project and what changes it.

mod breaches;
mod input;
pub mod list_executive_budgets;
mod queries;
pub mod record_executive_budget;
mod row;

pub(crate) use input::checked;
pub use input::{BudgetCosts, CofinancingInput, ExecutiveBudgetInput};
pub(crate) use queries::{BudgetReason, NewBudget, base_of, current_budget, insert_budget};
pub use row::{CofinancingPart, ExecutiveBudget};
