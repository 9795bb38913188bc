//! Planning: the multi-year plan, its calls for projects, and the projects that local alliances propose and carry
//! out, which link the plan cycle to the voucher portal.
//!
//! It offers the others, of projects: [`find_project`], [`find_projects`] and [`hold_project`], [`list_call_projects`]; their content by
//! [`partner_organisations`] ([`projects_of_organisations`] the other way round), [`cofinancing_of`] and [`project_activities`]; their moves by [`move_project`] and
//! [`move_projects`]. [`load_project`] enters one whole, [`insert_partner`] adds to it.
//!
//! Of the calls: [`find_project_call`] and [`find_published_project_call`], [`hold_project_call`], [`share_project_call`] and [`move_project_call`];
//! [`close_due_project_calls`] for the sweeper. Of the plans: [`find_plan`]; for those who set a whole plan on paper,
//! [`calls_of_plan`] and [`project_details`]. [`insert_plan`] and [`insert_project_call`]
//! load them.

pub mod partners;
pub mod plans;
mod points;
pub mod project_calls;
pub mod projects;
mod routes;
mod rules;
mod schema;
pub mod settings;

pub use partners::{
    CofinancingLine, Partner, PartnerOrganisation, PartnerRole, cofinancing_of, insert_partner,
    partner_organisations, projects_of_organisations,
};
pub use plans::{NewPlan, Plan, find_plan, find_public_plan, insert_plan};
pub use points::Points;
pub use project_calls::{
    AddressDocument, AddressDocumentInput, CriterionInput, EvaluationCriterion, LeadKinds, NewProjectCall,
    PROJECT_CALL, ProjectCall, ProjectCallState, calls_of_plan, close_due_project_calls, find_project_call,
    find_published_project_call, hold_project_call, insert_project_call, move_project_call, share_project_call,
};
pub use projects::{
    Activity, ActivityOfProject, ActivityTarget, CostItems, LoadedActivity, LoadedPartner, LoadedProject,
    LoadedTarget, Measure, Project, ProjectActivity, ProjectBudget, ProjectDetail, ProjectMove, ProjectParts,
    ProjectSummary, VersionReason, extend_project, find_activity, find_project, find_projects, hold_project,
    keep_project_version, list_call_projects, load_project, move_project, move_projects, project_activities,
    project_details, require_duration, require_plan_years,
};
pub use routes::routes;
pub use rules::intervention_type::InterventionType;
pub use rules::project_state::{PROJECT, ProjectState};
