//! Long work: a row per job with its progress, run by one runner per server, resumed after a crash.

mod queries;
mod runner;
mod view;

pub use queries::{NewJob, create, fail, finish, find, set_progress};
pub use runner::{JobContext, JobFailure, JobHandler, Runner};
pub use view::{Job, JobState};
