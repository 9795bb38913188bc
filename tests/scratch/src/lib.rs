//! What the tests of a context stand on: one throw-away PostgreSQL per test process, a database per test cloned from
//! a migrated one, and the context's own operations over it, called without a server or its gate.
//!
//! A context wraps a [`Frame`] in a type of its own that adds its rows and its shortcuts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

mod answer;
mod cluster;
mod frame;

pub use answer::Answer;
pub use frame::{Frame, Routes};

/// Runs a test to its end on a thread like those that the server works on.
pub fn run<F: Future>(test: F) -> F::Output {
    actix_web::rt::System::new().block_on(test)
}
