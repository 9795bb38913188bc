//! Certificates of attendance: issued when an event is concluded, numbered without gaps in the territory and year.

mod issue;

pub use issue::issue;
