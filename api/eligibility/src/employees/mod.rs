//! Employees, as their employer says they are.

mod batch;
mod column;
pub mod create_activation_code;
mod employee;
pub mod end_employee;
pub mod get_eligibility_summary;
pub mod get_employee;
pub mod list_employees;
mod presences;
pub mod upsert_employee;

pub use batch::{BatchOutcome, EmployeeBatch, TaxCodes, insert_employees, lock_employees, tax_code_index};
pub use employee::{ContractType, Employee, EmployeePath};

pub(crate) use presences::{end_missing, forget_presences, note_presences};
