//! Whether the bodies meet as often as they must.

pub mod get_governance_calendar;
