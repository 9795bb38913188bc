//! Whose vouchers a caller may read: a worker its own, a lead's officers those of its calls, the agency all of the
//! territory.

use concilia_kernel::{Actor, Db, Problem, Role};
use diesel::prelude::*;
use uuid::Uuid;

#[derive(Debug)]
pub(crate) struct Visibility {
    pub territory_id: Uuid,
    pub all: bool,
    pub leads: Vec<Uuid>,
    pub worker_id: Option<Uuid>,
}

impl Visibility {
    pub(crate) async fn of(actor: &Actor, db: &Db) -> Result<Self, Problem> {
        let worker_id = if actor.has(Role::Worker) {
            let reader = db.reader().await?;
            concilia_eligibility::find_worker_id(&mut &**reader, actor.territory_id, actor.id).await.optional()?
        } else {
            None
        };
        Ok(Self {
            territory_id: actor.territory_id,
            all: actor.has(Role::Ats),
            leads: actor.organisations(Role::AllianceLead),
            worker_id,
        })
    }

    /// The child of a voucher, for its family only.
    pub(crate) fn child(&self, worker_id: Uuid, household_member_id: Uuid) -> Option<Uuid> {
        (self.worker_id == Some(worker_id)).then_some(household_member_id)
    }
}
