//! Who is looking, as the queries ask it.

use concilia_kernel::{Actor, Role};
use uuid::Uuid;

/// The caller of a read that is open to all but shows officers more.
#[derive(Debug, Clone)]
pub struct Viewer {
    pub territory_id: Option<Uuid>,
    pub is_ats: bool,
    /// Organisations for which the caller leads alliances.
    pub leads: Vec<Uuid>,
}

impl Viewer {
    pub fn of(actor: Option<&Actor>) -> Self {
        match actor {
            Some(actor) => Self {
                territory_id: Some(actor.territory_id),
                is_ats: actor.has(Role::Ats),
                leads: actor.organisations(Role::AllianceLead),
            },
            None => Self { territory_id: None, is_ats: false, leads: vec![] },
        }
    }

    /// Whether what is of that territory and lead is shown with what is not public.
    pub fn decides(&self, territory_id: Uuid, lead_organisation_id: Uuid) -> bool {
        self.territory_id == Some(territory_id) && (self.is_ats || self.leads.contains(&lead_organisation_id))
    }
}

/// The role under which an officer acts on what is of this lead.
pub fn acting_role(actor: &Actor, lead_organisation_id: Uuid) -> Role {
    if actor.holds(Role::AllianceLead, lead_organisation_id) { Role::AllianceLead } else { Role::Ats }
}
