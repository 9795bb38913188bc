//! Projects: drafted by an alliance for a call, submitted, examined, funded, run.

mod activities;
pub mod admit_project;
mod bulk;
pub mod check_project;
pub mod compare_project_versions;
mod content;
pub mod create_project;
mod decision;
pub mod declare_project_inadmissible;
mod detail;
mod extend;
pub mod get_project;
pub mod get_project_calendar;
pub mod get_project_calendar_svg;
pub mod get_project_version;
pub mod list_project_versions;
pub mod list_projects;
pub mod merge_project;
mod moves;
mod parts;
mod project;
pub mod put_project_activities;
pub mod put_project_budget;
mod queries;
pub mod remove_project;
pub mod request_project_integration;
pub mod submit_project;
mod summary;
pub mod update_project;
mod versions;
pub(crate) mod visibility;

pub use activities::{Activity, ActivityOfProject, ActivityTarget, Measure, find_activity, project_activities};
pub use bulk::{LoadedActivity, LoadedPartner, LoadedProject, LoadedTarget, load_project};
pub(crate) use check_project::require_public_partner;
pub use content::require_duration;
pub(crate) use detail::load_detail;
pub use detail::{AbsorbedProject, IntegrationRequest, ProjectDetail, project_details};
pub use extend::{extend_project, require_plan_years};
pub use moves::{ProjectMove, move_project, move_projects};
pub use parts::{
    ProjectActivity, ProjectBudget, ProjectCofinancing, ProjectLead, ProjectPartner, ProjectParts, ProjectTarget,
};
pub use project::Project;
pub(crate) use queries::touch;
pub use summary::{CostItems, ProjectSummary, find_project, find_projects, hold_project, list_call_projects};
pub(crate) use update_project::answered;
pub use versions::{ProjectVersion, VersionReason, keep_project_version};
