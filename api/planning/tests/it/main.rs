//! Plans, calls and projects against a real database, through their handlers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

mod alliance;
mod conflicts;
mod drafts;
mod merges;
mod partners;
mod plans;
mod project_calls;
mod scratch;
mod submissions;
