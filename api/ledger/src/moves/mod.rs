//! The moves of money, each in the caller's transaction.

mod award;
mod call_money;
mod order_money;
mod voucher_end;

pub use award::{AwardTerms, NewVoucher, award};
pub use call_money::{CallAccount, call_budget, fund_call};
pub use order_money::{OrderMove, Payment, hold, pay, release, spend};
pub use voucher_end::{Returned, expire_vouchers, return_unspent};
