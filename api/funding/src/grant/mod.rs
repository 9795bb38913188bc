//! The grant of a project, from its acceptance on.

pub mod accept_grant;
pub mod decline_grant;
pub mod get_grant;
mod hold;
pub mod set_project_cup;
mod view;

pub(crate) use hold::{Grant, HeldGrant, find_grant, hold_grant, touch};
pub use view::{GrantCostItem, ProjectGrant};
pub(crate) use view::{cost_items, load_view};
