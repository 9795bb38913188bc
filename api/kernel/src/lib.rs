//! What every context of Concilia stands on: problems and their closed table of codes, the
//! authenticated actor, request extractors and field checks, the connection pools and schema, sealed
//! data, idempotency, conditional reads, files as answers, jobs, the outbox, state transitions, money, identifiers.
//!
//! The kernel knows no rule of the domain; contexts depend on it and never the reverse.

pub mod auth;
pub mod checks;
pub mod clock;
pub mod conditional;
pub mod db;
pub mod extract;
pub mod file;
pub mod idempotency;
pub mod identifiers;
pub mod jobs;
pub mod language;
pub mod money;
pub mod outbox;
pub mod page;
pub mod problem;
pub mod ratio;
pub mod transition;
pub mod vault;

pub use auth::{Actor, Role};
pub use clock::{now, today};
pub use db::Db;
pub use file::File;
pub use money::Money;
pub use page::{Page, PageQuery};
pub use problem::{Code, FieldError, Problem};
pub use ratio::Ratio;

/// A new time-ordered identifier (UUIDv7).
pub fn new_id() -> uuid::Uuid {
    uuid::Uuid::now_v7()
}
