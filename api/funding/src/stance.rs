//! Who the caller is to a project.

use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Code, Problem, Role};
use concilia_planning::ProjectSummary;
use diesel::pg::Pg;
use diesel_async::AsyncConnectionCore;
use uuid::Uuid;

/// Who writes or decides, and under which role.
#[derive(Debug, Clone, Copy)]
pub struct Author {
    /// The account.
    pub id: Uuid,
    pub role: Role,
}

impl Author {
    pub(crate) fn of(actor: &Actor, role: Role) -> Self {
        Self { id: actor.id, role }
    }

    /// As the histories name it.
    pub(crate) fn agent(self) -> Agent {
        Agent { id: Some(self.id), role: self.role.as_str() }
    }
}

/// Roles whose holders speak for their organisation as a partner. A member of the committee does not: what its
/// organisation proposes is hidden from it.
const PARTNER_ROLES: [Role; 3] = [Role::AllianceLead, Role::Provider, Role::Employer];

/// The side on which the caller stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stance {
    Agency,
    Lead,
    /// The caller's organisations among the partners, the lead included where it speaks for it without leading.
    Partner(Vec<Uuid>),
}

impl Stance {
    /// The caller's side; 404 where it has none, since projects' accounts are no public matter.
    pub(crate) async fn of<C>(conn: &mut C, actor: &Actor, project: &ProjectSummary) -> Result<Self, Problem>
    where
        C: AsyncConnectionCore<Backend = Pg> + Send,
    {
        if actor.has(Role::Ats) {
            return Ok(Self::Agency);
        }
        if actor.holds(Role::AllianceLead, project.lead_organisation_id) {
            return Ok(Self::Lead);
        }
        let own: Vec<(Role, Uuid)> = PARTNER_ROLES
            .into_iter()
            .flat_map(|role| actor.organisations(role).into_iter().map(move |organisation| (role, organisation)))
            .collect();
        let partners = concilia_planning::partner_organisations(conn, actor.territory_id, &[project.id]).await?;
        let mut organisations: Vec<Uuid> = partners
            .into_iter()
            .filter(|p| !p.was_taken_out())
            .map(|p| p.organisation_id)
            .filter(|id| own.iter().any(|(_, own)| own == id))
            .collect();
        organisations.sort_unstable();
        organisations.dedup();
        if organisations.is_empty() { Err(Problem::not_found()) } else { Ok(Self::Partner(organisations)) }
    }
}

/// The lead's part in the history; 404 to all others, as with everything that is an organisation's own.
pub(crate) fn require_lead(actor: &Actor, project: &ProjectSummary) -> Result<Author, Problem> {
    actor.require(Role::AllianceLead, project.lead_organisation_id)?;
    Ok(Author::of(actor, Role::AllianceLead))
}

/// The officer of the agency that acts: the policy lets in nobody else.
pub(crate) fn agency(actor: &Actor) -> Author {
    Author::of(actor, Role::Ats)
}

impl Stance {
    /// Who writes an expense of that organisation; 404 to whoever may not.
    pub(crate) fn writer(&self, actor: &Actor, organisation_id: Uuid) -> Result<Author, Problem> {
        let speaks = |role: &Role| actor.holds(*role, organisation_id);
        match self {
            Self::Agency => Err(Problem::new(Code::Forbidden)),
            Self::Lead => Ok(Author::of(actor, Role::AllianceLead)),
            Self::Partner(own) if own.contains(&organisation_id) => {
                let role = PARTNER_ROLES.into_iter().find(speaks).ok_or_else(Problem::not_found)?;
                Ok(Author::of(actor, role))
            }
            Self::Partner(_) => Err(Problem::not_found()),
        }
    }
}

/// The projects that the caller leads or takes part in; `None` for the agency, which sees all of its territory.
pub(crate) async fn own_projects<C>(conn: &mut C, actor: &Actor) -> Result<Option<Vec<Uuid>>, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    if actor.has(Role::Ats) {
        return Ok(None);
    }
    let own: Vec<Uuid> = PARTNER_ROLES.into_iter().flat_map(|role| actor.organisations(role)).collect();
    Ok(Some(concilia_planning::projects_of_organisations(conn, actor.territory_id, &own).await?))
}

impl Stance {
    /// Refuses with 404 a partner that looks at another's expenses: they tell of its staff.
    pub(crate) fn require_sight(&self, organisation_id: Uuid) -> Result<(), Problem> {
        match self {
            Self::Partner(own) if !own.contains(&organisation_id) => Err(Problem::not_found()),
            _ => Ok(()),
        }
    }
}
