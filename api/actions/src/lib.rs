//! Actions: what the agency runs itself with its share of a plan's resources. System and cross-cutting actions with
//! their budget, payments and meetings; training events with sign-up, waiting list, attendance and certificates;
//! company paths; questionnaires whose answers nobody can trace.
//!
//! For the contexts that report: [`action_figures`] and [`plan_reach`], what a plan's actions have paid, and whom they
//! have reached; [`questionnaire_satisfaction`], how satisfied people are. [`load`] enters a year that is past.

pub mod actions;
pub mod attendance;
pub mod certificates;
pub mod company_paths;
pub mod events;
mod figures;
pub mod load;
pub mod meetings;
pub mod participations;
pub mod payments;
mod queries;
pub mod questionnaires;
mod reason;
mod routes;
mod rules;
pub mod sign_ups;
mod visibility;

pub use figures::{
    ActionFigures, PlanReach, QuestionnaireSatisfaction, action_figures, plan_reach, questionnaire_satisfaction,
};
pub use routes::routes;
pub use rules::kinds::ActionKind;
pub use rules::states::ActionState;
