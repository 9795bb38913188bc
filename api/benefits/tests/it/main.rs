//! Calls, applications and rankings against a real database, through their handlers.

mod applications;
mod rankings;
mod scratch;
mod voucher_calls;
