//! The ledger against a real database: what the constraints and the trigger promise, they keep.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

mod moves;
mod races;
mod reads;
mod scratch;
mod tampering;
