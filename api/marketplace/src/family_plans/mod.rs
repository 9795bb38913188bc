//! Plans of services for the children and dependants of a family.

pub mod create_family_plan;
mod family_plan;
pub mod get_family_plan;
mod input;
mod line;
pub mod list_family_plans;
mod order_at_once;
mod placed_plan;
mod queries;
pub mod remove_family_plan;
mod submission;
mod submission_queue;
pub mod submit_family_plan;

pub mod update_family_plan;

pub use family_plan::{
    ChildTotals, FamilyPlan, FamilyPlanItem, FamilyPlanState, FamilyPlanSummary, VoucherTotals,
};
pub(crate) use input::plain_text;
pub use input::{FamilyPlanInput, FamilyPlanItemInput};
pub use order_at_once::order_at_once;
pub use submission_queue::SubmissionQueue;
