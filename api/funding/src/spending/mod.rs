//! What was really spent: co-financing followed live, and the vouchers that fill cost item D.

pub mod get_cofinancing;
pub mod get_voucher_spending;
mod queries;

pub(crate) use queries::{vouchers_promised, vouchers_unreported};
