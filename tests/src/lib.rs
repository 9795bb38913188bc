//! What the black-box tests stand on: one throw-away PostgreSQL per test process, a database per
//! test cloned from a template, a real server on a free port, and callers of every role.

mod caller;
mod cluster;
mod server;

pub use caller::{Answer, Caller};
pub use cluster::TestDb;
pub use server::TestServer;
