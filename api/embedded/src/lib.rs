//! A private PostgreSQL, run from the binaries installed on the machine.
//!
//! `cargo run` keeps its data in a durable [`Cluster`] that survives restarts; the test suite uses
//! throw-away ones. The server listens on a Unix-domain socket in a directory only its owner may
//! enter and, for durable clusters, on a port of 127.0.0.1 behind a generated password, so that
//! `psql` and `pg_dump` can connect too.
//!
//! The crate copes with what makes such servers fragile: being started by root, being killed, being
//! started twice, data directories with long or unusual paths. Unix only.

mod binaries;
mod cluster;
mod config;
mod error;
mod initialise;
mod layout;
mod left_over;
mod lock;
mod privileges;
mod server;
mod sweeper;

pub use binaries::{Binaries, MINIMUM_VERSION};
pub use cluster::Cluster;
pub use config::{ClusterConfig, Progress, Storage};
pub use error::EmbeddedError;

/// Name of the superuser of every private cluster.
pub const SUPERUSER: &str = "concilia";
