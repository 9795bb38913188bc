use crate::{Audience, admitted_among, officer_organisations};
use concilia_kernel::{Actor, Problem, Role};
use diesel::pg::Pg;
use diesel_async::AsyncConnectionCore;

/// What of the reserved area the caller may read. Officers of organisations that are not members are refused with 404.
pub(super) async fn readable<C>(connection: &mut C, actor: &Actor) -> Result<Vec<Audience>, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    if actor.has_any(&[Role::Ats, Role::Evaluator]) {
        return Ok(vec![Audience::Members, Audience::Committee]);
    }
    let own = officer_organisations(actor);
    if admitted_among(connection, actor.territory_id, &own).await?.is_empty() {
        return Err(Problem::not_found());
    }
    Ok(vec![Audience::Members])
}
