//! The ledger: vouchers and their money.
//!
//! Double entry, append-only: each entry moves one amount between two accounts, and the database moves the running
//! balances with it. A call has `funding` (outside money) and `budget` (not awarded); a voucher has `available`,
//! `held`, `spent` and `paid`. No balance is ever negative: a move that would make one so is refused with
//! `insufficient_balance`, by the database, whatever runs in parallel.
//!
//! **Lock order.** First what tells which vouchers are meant (a plan, a statement, an order), then the vouchers'
//! balances in the order of their ids (`ledger_lock` in SQL), then sessions, last the calls' balances. No figure
//! counts before its balance is locked. The moves below keep the order for their own rows.
//!
//! Offered to the other contexts, always inside the caller's transaction:
//! - a call's money: [`fund_call`], [`call_budget`], [`award`];
//! - an order's money: [`hold`], [`release`], [`spend`] and the set-based [`pay`]; the same moves are SQL functions
//!   (`ledger_lock`, `ledger_hold`, `ledger_release`, `ledger_spend`, see the migration) for statements that place
//!   and change orders in one round trip;
//! - a worker's vouchers: [`active_vouchers`];
//! - the end of a voucher: [`return_unspent`], and [`expire_vouchers`] for the sweeper;
//! - the proof: [`check_ledger`], and [`LedgerCheck`], the job that runs it.

mod active_vouchers;
mod check;
pub mod create_ledger_check;
mod entry;
pub mod get_call_statement;
pub mod get_voucher;
pub mod get_voucher_statement;
mod ledger_check_job;
pub mod list_vouchers;
mod moves;
mod routes;
pub mod schema;
mod visibility;
mod voucher;

pub use active_vouchers::active_vouchers;
pub use check::{LedgerReport, Violation, check_ledger};
pub use entry::{Account, EntryKind};
pub use ledger_check_job::LedgerCheck;
pub use moves::{
    AwardTerms, CallAccount, NewVoucher, OrderMove, Payment, Returned, award, call_budget, expire_vouchers,
    fund_call, hold, pay, release, return_unspent, spend,
};
pub use routes::routes;
pub use voucher::{VOUCHER_MOVES, Voucher, VoucherState};
