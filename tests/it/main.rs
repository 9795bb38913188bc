//! Black-box tests: a real server over a real PostgreSQL, called over HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

mod actions;
mod allocation;
mod authorisation;
mod background;
mod contract;
mod first_year;
mod governance;
mod hostile_input;
mod identity;
mod imports;
mod indicators;
mod network;
mod orders;
mod papers;
mod plan_checks;
mod plan_cycle;
mod projects;
mod protocol;
mod schema;
