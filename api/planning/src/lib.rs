//! Planning: the multi-year plan, its calls for projects, and the projects that local alliances propose and carry
//! out, which link the plan cycle to the voucher portal.
//!
//! It offers the others, of projects: [`find_project`] and [`hold_project`], [`list_call_projects`]; their content by
//! [`partner_organisations`], [`cofinancing_of`] and [`project_activities`]; their moves by [`move_project`] and
//! [`move_projects`]. [`insert_project`] and [`insert_partner`] load running ones.

pub mod partners;
pub mod projects;
mod rules;
mod schema;

pub use partners::{
    CofinancingLine, Partner, PartnerOrganisation, PartnerRole, cofinancing_of, insert_partner,
    partner_organisations,
};
pub use projects::{
    Activity, ActivityTarget, CostItems, Measure, NewProject, Project, ProjectMove, ProjectSummary, find_project,
    hold_project, insert_project, list_call_projects, move_project, move_projects, project_activities,
};
pub use rules::intervention_type::InterventionType;
pub use rules::project_state::{PROJECT, ProjectState};
