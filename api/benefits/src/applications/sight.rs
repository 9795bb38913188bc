use super::people;
use crate::queries::applications::ApplicationRow;
use concilia_kernel::{Actor, Problem, Role};
use diesel::pg::Pg;
use diesel_async::AsyncConnectionCore;

/// How much of an application a caller sees.
pub(super) struct Sight {
    /// What the family declared, and what follows from it: health and means reach nobody but the family and the officers
    /// of the call's lead.
    pub facts: bool,
    /// What officers know before families do.
    pub officer: bool,
}

impl Sight {
    /// The worker sees their own application; officers of the call's lead and of the agency see those submitted. It is not
    /// found by anybody else.
    pub(super) async fn of<C>(conn: &mut C, actor: &Actor, application: &ApplicationRow) -> Result<Self, Problem>
    where
        C: AsyncConnectionCore<Backend = Pg> + Send,
    {
        let submitted = application.submitted_at.is_some();
        let decides = submitted && actor.holds(Role::AllianceLead, application.lead_organisation_id);
        let officer = decides || (submitted && actor.has(Role::Ats));
        let facts = decides || people::worker(conn, actor).await? == Some(application.worker_id);
        if facts || officer { Ok(Self { facts, officer }) } else { Err(Problem::not_found()) }
    }
}
