use super::{AccessClaims, Role};
use crate::problem::{Code, Problem};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use std::future::{Ready, ready};
use std::rc::Rc;
use uuid::Uuid;

/// The authenticated caller.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Account or API client.
    pub id: Uuid,
    pub territory_id: Uuid,
    /// Login session of a person; `None` for machines.
    pub login_session_id: Option<Uuid>,
    roles: Rc<[RoleBinding]>,
}

/// A role and the organisation it is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleBinding {
    pub role: Role,
    pub organisation_id: Uuid,
}

impl Actor {
    pub fn from_claims(claims: &AccessClaims) -> Self {
        let roles = claims.roles.iter().map(|r| RoleBinding { role: r.role, organisation_id: r.organisation });
        Self {
            id: claims.sub,
            territory_id: claims.territory,
            login_session_id: claims.sid,
            roles: roles.collect(),
        }
    }

    /// A person without a login, for what is read in their name.
    pub fn of_person(id: Uuid, territory_id: Uuid, roles: Vec<RoleBinding>) -> Self {
        Self { id, territory_id, login_session_id: None, roles: roles.into() }
    }

    pub fn has(&self, role: Role) -> bool {
        self.roles.iter().any(|binding| binding.role == role)
    }

    pub fn has_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.has(*role))
    }

    pub fn holds(&self, role: Role, organisation_id: Uuid) -> bool {
        self.roles.contains(&RoleBinding { role, organisation_id })
    }

    /// The organisations for which the caller holds `role`.
    pub fn organisations(&self, role: Role) -> Vec<Uuid> {
        self.roles.iter().filter(|b| b.role == role).map(|b| b.organisation_id).collect()
    }

    /// Refuses with 404, as existence is private, a caller that does not hold `role` for the organisation.
    pub fn require(&self, role: Role, organisation_id: Uuid) -> Result<(), Problem> {
        self.require_any(&[role], organisation_id)
    }

    /// As [`Actor::require`], for any of several roles. An ATS officer acts on its whole territory,
    /// so list [`Role::Ats`] only where the query is already bound to the caller's territory.
    pub fn require_any(&self, roles: &[Role], organisation_id: Uuid) -> Result<(), Problem> {
        let granted = roles.iter().any(|role| match role {
            Role::Ats => self.has(Role::Ats),
            _ => self.holds(*role, organisation_id),
        });
        if granted { Ok(()) } else { Err(Problem::not_found()) }
    }
}

impl FromRequest for Actor {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(request.extensions().get::<Self>().cloned().ok_or_else(|| Problem::new(Code::Unauthenticated)))
    }
}

/// The caller of a public operation, when it said who it is.
#[derive(Debug, Clone)]
pub struct OptionalActor(pub Option<Actor>);

impl FromRequest for OptionalActor {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(request.extensions().get::<Actor>().cloned())))
    }
}
