//! Governance: the committee with its seats, the assembly of all members, the working groups; their meetings with
//! notices, attendance and quorum; votes with recusal by conflict of interest; minutes; opinions asked of the assembly;
//! the agenda as a calendar.
//!
//! It offers the others: [`load`], to enter a past in which bodies met and decided.

pub mod agenda;
pub mod bodies;
pub mod duties;
pub mod load;
pub mod meetings;
pub mod minutes;
pub mod motions;
pub mod opinions;
mod people;
mod routes;
mod rules;
mod scope;
pub mod settings;

pub use routes::routes;
pub use rules::attendance::Capacity;
pub use rules::states::{BodyKind, MeetingState, MinutesState, MotionState, OpinionState};
pub use rules::vote::{Choice, VoteBasis};
