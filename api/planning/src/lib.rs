//! Planning: the funded projects of a territory, the link between the plan cycle and the voucher
//! portal, with the organisations that carry them out.
//!
//! It offers the others: [`find_project`], to check that a project is of the territory and who leads it;
//! [`insert_project`] and [`insert_partner`], to load them.

pub mod get_project;
pub mod list_projects;
mod partners;
mod projects;
mod schema;

pub use partners::{Partner, PartnerRole, insert_partner};
pub use projects::{NewProject, Project, ProjectSummary, find_project, insert_project};
