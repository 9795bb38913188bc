//! Calls, applications and rankings against a real database, through their handlers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

mod applications;
mod rankings;
mod scratch;
mod voucher_calls;
