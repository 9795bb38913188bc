//! Scorecards, conflicts of interest, the closing and the final scores against a real database, through their handlers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

mod a_thousand_proposals;
mod closing;
mod conflicts;
mod final_scores;
mod scorecards;
mod scratch;
