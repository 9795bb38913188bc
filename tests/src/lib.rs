//! What the black-box tests stand on: one throw-away PostgreSQL per test process, a database per
//! test cloned from a template, a real server on a free port, and callers of every role.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

mod caller;
mod cluster;
mod server;

pub use caller::{Answer, Caller};
pub use cluster::{MASTER_KEY, TestDb};
pub use server::TestServer;
