//! Actions: what the agency runs itself with its share of a plan's resources. System and cross-cutting actions with
//! their budget, payments and meetings; training events with sign-up, waiting list, attendance and certificates;
//! company paths; questionnaires whose answers nobody can trace.
//!
//! What a plan's actions have paid, whom they have reached and how satisfied people are, its indicators read through views
//! (`action_people_reached`, `action_companies_reached`). [`load`] enters a year that is past.

pub mod actions;
pub mod attendance;
pub mod certificates;
pub mod company_paths;
pub mod events;
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

pub use routes::routes;
pub use rules::kinds::ActionKind;
pub use rules::states::ActionState;
