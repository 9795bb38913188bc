//! Pure rules of governance.

pub mod attendance;
pub mod duties;
pub mod minutes;
pub mod notice;
pub mod opinion;
pub mod quorum;
pub mod states;
pub mod vote;
