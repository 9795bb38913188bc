//! Actions, events, paths and questionnaires against a real database, through their handlers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

mod actions;
mod certificates;
mod company_paths;
mod events;
mod figures;
mod meetings;
mod payments;
mod questionnaires;
mod scratch;
