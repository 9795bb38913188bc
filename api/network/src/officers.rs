//! Officers of organisations: whoever holds a role for one, but for its workers.

use concilia_kernel::{Actor, Role};
use uuid::Uuid;

const OFFICERS: &[Role] = &[Role::Ats, Role::Evaluator, Role::AllianceLead, Role::Provider, Role::Employer];

/// The organisations that the caller is an officer of.
pub fn officer_organisations(actor: &Actor) -> Vec<Uuid> {
    let mut organisations: Vec<Uuid> = OFFICERS.iter().flat_map(|role| actor.organisations(*role)).collect();
    organisations.sort_unstable();
    organisations.dedup();
    organisations
}

/// The role that makes the caller an officer of the organisation; `None` when none does.
pub fn officer_role(actor: &Actor, organisation_id: Uuid) -> Option<Role> {
    OFFICERS.iter().copied().find(|role| actor.holds(*role, organisation_id))
}
