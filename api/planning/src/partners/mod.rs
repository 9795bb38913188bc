//! The organisations of an alliance: what each does in a project, and what it puts in.

pub mod add_project_partner;
mod cofinancing;
pub mod get_cofinancing_line;
mod input;
pub mod leave_project;
mod line;
mod partner;
pub mod put_cofinancing_line;
mod queries;
pub mod remove_project_partner;
pub mod sign_off_cofinancing;
pub mod substitute_project_partner;
pub mod update_project_partner;

pub use cofinancing::{CofinancingLine, cofinancing_of};
pub use partner::{
    Partner, PartnerOrganisation, PartnerRole, insert_partner, partner_organisations, projects_of_organisations,
};
