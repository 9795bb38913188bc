//! From employee to worker: the one-time code that the employer hands out, and its use.

pub(crate) mod code;
pub mod create_worker_activation;
