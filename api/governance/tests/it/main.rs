//! Bodies, meetings, votes, minutes and the agenda against a real database, through their handlers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

mod agenda;
mod meetings;
mod opinions;
mod scratch;
mod votes;
