//! Workers: employees who have activated their account.

mod employments;
pub mod get_worker_profile;
mod identity;
mod insert_workers;

pub use employments::{Employment, employments_on};
pub use identity::{NewWorker, WorkerIdentity, find_worker, find_worker_id, insert_worker};
pub use insert_workers::insert_workers;

pub(crate) use identity::account_of;
