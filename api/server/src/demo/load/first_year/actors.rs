//! Who acts in the first year: the people who can log in, each with the role that they hold.

use crate::demo::data::{Accounts, DataError};
use crate::demo::ids;
use crate::demo::load::accounts::account_id;
use concilia_kernel::auth::RoleBinding;
use concilia_kernel::{Actor, Role};
use uuid::Uuid;

pub(super) struct Actors(Vec<Actor>);

impl Actors {
    pub(super) fn of(accounts: &Accounts, code: &str) -> Self {
        let officers = accounts.officers.iter().filter(|officer| officer.territory == code);
        let actors = officers.map(|officer| {
            let organisation_id = ids::organisation(code, &officer.organisation);
            let binding = RoleBinding { role: officer.role, organisation_id };
            Actor::of_person(account_id(&officer.email), ids::territory(code), vec![binding])
        });
        Self(actors.collect())
    }

    /// An officer of the agency: one proposes, another approves.
    pub(super) fn officer(&self, nth: usize) -> Result<&Actor, DataError> {
        let mut officers = self.0.iter().filter(|actor| actor.has(Role::Ats));
        officers.nth(nth).ok_or_else(|| DataError(format!("no officer number {nth}")))
    }

    /// The first who holds a role for an organisation.
    pub(super) fn holder(&self, role: Role, organisation_id: Uuid) -> Result<&Actor, DataError> {
        let found = self.0.iter().find(|actor| actor.holds(role, organisation_id));
        found.ok_or_else(|| DataError(format!("nobody is {role} of {organisation_id}")))
    }

    pub(super) fn person(&self, account_id: Uuid) -> Result<&Actor, DataError> {
        let found = self.0.iter().find(|actor| actor.id == account_id);
        found.ok_or_else(|| DataError(format!("no account {account_id}")))
    }
}
