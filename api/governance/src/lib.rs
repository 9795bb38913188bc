//! Governance: the committee with its seats, the assembly of all members, the working groups; their meetings with
//! notices, attendance and quorum; votes with recusal by conflict of interest; minutes; opinions asked of the assembly;
//! the agenda as a calendar.
//!
//! It offers the others: [`insert_body`], [`insert_seat`] and [`insert_held_meeting`] to load them; [`meetings_held`]
//! for indicators.

pub mod agenda;
pub mod bodies;
pub mod duties;
pub mod meetings;
pub mod minutes;
pub mod motions;
pub mod opinions;
mod people;
mod rules;
mod scope;
pub mod settings;

pub use bodies::{NewBody, NewSeat, insert_body, insert_seat};
pub use meetings::{HeldMeeting, insert_held_meeting, meetings_held};
pub use rules::attendance::Capacity;
pub use rules::states::{BodyKind, MeetingState, MinutesState, MotionState, OpinionState};
pub use rules::vote::{Choice, VoteBasis};
