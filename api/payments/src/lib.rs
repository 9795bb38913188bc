//! Settlement: what the lead of a store owes its providers.
//!
//! A provider turns the orders that families have accepted into a statement; the lead (or the agency) approves it, by
//! someone other than its author, and marks it paid once the bank has. Each step moves all the statement's orders, and
//! the vouchers' money in the ledger, in one transaction. Only what vouchers cover is owed: families pay their share
//! to the provider themselves. An order that no voucher covers is listed at zero and ends as paid like the others.
//!
//! The handlers are its whole surface; nothing above depends on it.

pub mod approve_provider_statement;
pub mod create_provider_statement;
pub mod get_provider_statement;
pub mod list_provider_statements;
pub mod mark_provider_statement_paid;
mod provider_statement;
mod queries;
mod routes;
pub mod schema;

pub use provider_statement::{ProviderStatement, ProviderStatementState};
pub use routes::routes;
