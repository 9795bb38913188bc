//! A running Concilia: the database it stands on, the HTTP server, the background work.

mod background;
pub(crate) mod connections;
mod database;
mod expectations;
mod progress;
mod running_file;
mod server;

pub use database::{Database, DatabaseError};
pub use progress::Progress;
pub use running_file::{RunningFile, let_the_last_one_go};
pub use server::{Server, ServerConfig, StartError};
