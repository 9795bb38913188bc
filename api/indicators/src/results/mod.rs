//! What an activity reached: people and companies, recorded by the lead of its project.

pub mod list_activity_results;
pub mod record_activity_result;
