//! The bodies of a territory and who is in them.

pub mod add_working_group_member;
mod body;
pub mod create_body;
pub mod create_committee_seat;
pub mod end_committee_seat;
pub mod end_working_group_member;
pub mod get_body;
pub mod list_bodies;
pub mod list_committee_candidates;
mod queries;
pub mod replace_seat_holders;
mod seats;

pub use body::{Body, BodySummary, Seat, WorkingGroupMember};
pub(crate) use queries::{hold, working_group_members};
