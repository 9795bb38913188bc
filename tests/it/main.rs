//! Black-box tests: a real server over a real PostgreSQL, called over HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

mod authorisation;
mod contract;
mod hostile_input;
mod identity;
mod imports;
mod orders;
mod protocol;
mod schema;
