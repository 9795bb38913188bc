//! Expenses: written by the partners that bear them, decided by the agency.

pub mod accept_remaining_expenses;
mod attachment;
pub mod create_expense;
pub mod decide_expense;
mod expense;
pub mod get_expense;
pub mod get_expense_attachment;
mod input;
pub mod list_expenses;
mod queries;
pub mod remove_expense;
pub mod update_expense;
pub mod upload_expense_attachment;

pub use expense::{Expense, ExpenseDocument, ExpenseDocumentType};
pub use input::{ExpenseDocumentInput, ExpenseInput};
pub(crate) use queries::of_id as expense_of;
