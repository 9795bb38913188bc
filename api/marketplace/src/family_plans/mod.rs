//! Plans of services for the children and dependants of a family.

mod bulk;
pub mod create_family_plan;
mod family_plan;
pub mod get_family_plan;
mod input;
pub mod list_family_plans;
mod queries;
pub mod remove_family_plan;
pub mod submit_family_plan;
pub mod update_family_plan;

pub use bulk::order_at_once;
pub use family_plan::{ChildTotals, FamilyPlan, FamilyPlanItem, FamilyPlanState, FamilyPlanSummary, VoucherTotals};
pub(crate) use input::plain_text;
pub use input::{FamilyPlanInput, FamilyPlanItemInput};
