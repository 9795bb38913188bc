//! Who is looking, as the queries ask it.

use concilia_kernel::{Actor, Problem, Role};
use uuid::Uuid;

/// The organisations that the caller is an officer of: every role but the worker's makes one.
pub fn offices(actor: &Actor) -> Vec<Uuid> {
    let roles = Role::ALL.iter().filter(|role| **role != Role::Worker);
    let mut organisations: Vec<Uuid> = roles.flat_map(|role| actor.organisations(*role)).collect();
    organisations.sort_unstable();
    organisations.dedup();
    organisations
}

/// The role under which the caller acts for an organisation it is an officer of; 404 where it is none.
pub fn acting_role(actor: &Actor, organisation_id: Uuid) -> Result<Role, Problem> {
    let mut roles = Role::ALL.iter().filter(|role| **role != Role::Worker);
    roles.find(|role| actor.holds(**role, organisation_id)).copied().ok_or_else(Problem::not_found)
}

/// The caller of a read that is open to all but shows the agency more.
#[derive(Debug, Clone, Copy)]
pub struct Viewer {
    pub territory_id: Option<Uuid>,
    pub is_ats: bool,
}

impl Viewer {
    pub fn of(actor: Option<&Actor>) -> Self {
        Self {
            territory_id: actor.map(|actor| actor.territory_id),
            is_ats: actor.is_some_and(|actor| actor.has(Role::Ats)),
        }
    }

    /// Whether the caller is an officer of the agency of this territory.
    pub fn runs(&self, territory_id: Uuid) -> bool {
        self.is_ats && self.territory_id == Some(territory_id)
    }
}
