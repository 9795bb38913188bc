//! Whole plans through the checker: the real one, invented ones, and both with something wrong in them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

mod blame;
mod documentation;
mod hostile;
mod invented;
mod missing;
mod mutations;
mod once;
mod plans;
mod planted;
mod planted_projects;
mod real;
mod schema;
mod unreadable;
