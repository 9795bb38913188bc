//! Motions of the committee: put to the vote, voted on, decided.

pub mod cast_vote;
pub mod close_motion;
mod conflicts;
pub mod create_motion;
pub mod get_motion;
pub mod list_motions;
mod motion;
mod queries;
mod undecided;
mod votes;
pub mod withdraw_motion;

pub use motion::{BallotEntry, Motion, MotionRecusal, Part, RecusalGround};
pub(crate) use queries::{count, of_meeting};
