//! Certificates of attendance: issued when an event is concluded, numbered without gaps in the territory and year.

mod document;
pub mod get_event_certificate;
mod issue;

pub use issue::issue;
