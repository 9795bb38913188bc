//! Companies on their paths: they join, take the steps in order, complete them or withdraw.

pub mod get_path_participation;
pub mod join_company_path;
pub mod list_path_participations;
mod participation;
pub mod record_path_step;
pub mod withdraw_path_participation;

pub use participation::{PathParticipation, PathStepDone};

use crate::visibility::{Viewer, acting_role};
use concilia_kernel::{Actor, Problem, Role};
use uuid::Uuid;

/// The role under which the caller acts for a company: its officer, or the agency's.
fn role_for(actor: &Actor, organisation_id: Uuid) -> Result<Role, Problem> {
    match acting_role(actor, organisation_id) {
        Err(_) if Viewer::of(Some(actor)).is_ats => Ok(Role::Ats),
        role => role,
    }
}
