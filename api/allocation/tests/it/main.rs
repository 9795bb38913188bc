//! Allocations against a real database, through their handlers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

mod allocations;
mod corrections;
mod decree;
mod guards;
mod races;
mod scratch;
