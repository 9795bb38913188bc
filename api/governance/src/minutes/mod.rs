//! Minutes of meetings: made from what was recorded, sent, answered, validated.

pub mod close_minutes;
mod content;
mod document;
pub mod generate_minutes;
pub mod get_minutes;
pub mod get_minutes_document;
pub mod list_minutes;
mod queries;
mod signers;
pub mod validate_minutes;
mod view;

pub use content::{MinutesContent, MinutesItem, MinutesPresence};
pub use view::{Minutes, MinutesAnswer, MinutesSummary};
