//! Long work: a row per job with its progress, run by one runner per server, resumed after a crash.

mod errors;
mod inputs;
mod queries;
mod runner;
mod view;

pub use errors::{RowError, list_errors, record_errors};
pub use inputs::{abort_upload, append_input, enqueue, extend_upload, is_receiving, read_input};
pub use queries::{NewJob, create, fail, find, finish, hold, list, set_progress};
pub use runner::{JobContext, JobFailure, JobHandler, Runner};
pub use view::{Job, JobState};
