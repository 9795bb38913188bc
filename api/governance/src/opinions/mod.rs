//! Opinions that members ask of the assembly.

pub mod answer_opinion_request;
pub mod get_opinion_request;
pub mod list_opinion_requests;
mod queries;
mod request;
pub mod request_opinion;
pub mod sign_opinion_request;

pub use request::OpinionRequest;

use concilia_kernel::{Actor, Code, Problem, Role};
use concilia_network::{admitted_among, officer_organisations, officer_role};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// The role by which the caller, in person, acts for a member of the network.
async fn require_member(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    organisation_id: Uuid,
) -> Result<Role, Problem> {
    let unknown = || Problem::invalid("/organisation_id", "not_found");
    let role = officer_role(actor, organisation_id).ok_or_else(unknown)?;
    if actor.login_session_id.is_none() {
        return Err(Problem::new(Code::Forbidden));
    }
    let admitted = admitted_among(connection, actor.territory_id, &[organisation_id]).await?;
    if admitted.contains(&organisation_id) { Ok(role) } else { Err(unknown()) }
}

/// Refuses with 404 whoever is neither of the agency, nor of the committee, nor of a member.
async fn require_reader<C>(connection: &mut C, actor: &Actor) -> Result<(), Problem>
where
    C: diesel_async::AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    let own = officer_organisations(actor);
    if actor.has_any(&[Role::Ats, Role::Evaluator])
        || !admitted_among(connection, actor.territory_id, &own).await?.is_empty()
    {
        return Ok(());
    }
    Err(Problem::not_found())
}
