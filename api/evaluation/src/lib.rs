//! Evaluation: the committee's evaluators score the admissible projects of a call, blind to each other; the agency closes
//! the scoring and records the committee's final scores with its minutes.
//!
//! Conflicts of interest are found by the system, from the organisations that a person is bound to and those that are or
//! were in a project, at every read and at every step: a card that turns out to be in conflict is set aside and logged.
//!
//! It offers the others: [`conflicted_projects`] and [`conflicts_of`], for whoever lets people decide on projects;
//! [`final_scores`], for the allocation; [`load_final_scores`] for the demo.

pub mod call_evaluation;
mod conflicts;
pub mod final_scores;
mod people;
mod routes;
mod rules;
pub mod scorecards;

pub use conflicts::{Conflict, ConflictGround, conflicted_projects, conflicts_of};
pub use final_scores::{LoadedScore, final_scores, load_final_scores};
pub use routes::routes;
