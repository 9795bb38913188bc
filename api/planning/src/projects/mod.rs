//! Projects: proposed by an alliance, examined, funded, run.

mod activities;
pub mod get_project;
pub mod list_projects;
mod moves;
mod project;
mod summary;

pub use activities::{Activity, ActivityTarget, Measure, project_activities};
pub use moves::{ProjectMove, move_project, move_projects};
pub use project::{NewProject, Project, insert_project};
pub use summary::{CostItems, ProjectSummary, find_project, hold_project, list_call_projects};
