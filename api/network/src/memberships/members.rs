//! What other contexts ask of memberships.

use crate::schema::{memberships, organisations};
use crate::{MembershipState, OrganisationName};
use concilia_kernel::{new_id, now};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use std::collections::HashSet;
use uuid::Uuid;

/// The reason of an end that was entered without one.
const NOT_RECORDED: &str = "Motivo non registrato";

/// Enters a membership without a request: as of now, in that state. An organisation that has asked to join or is a
/// member cannot be entered again: a unique violation, hence 409.
pub async fn insert_membership(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    organisation_id: Uuid,
    state: MembershipState,
) -> QueryResult<()> {
    use MembershipState::{Admitted, Excluded, Refused, Requested, Withdrawn};
    let requested_at = now();
    let decided_at = (state != Requested).then_some(requested_at);
    let ended_at = matches!(state, Withdrawn | Excluded).then_some(requested_at);
    let reason = match state {
        Requested | Admitted => None,
        Refused | Withdrawn | Excluded => Some(NOT_RECORDED),
    };
    diesel::insert_into(memberships::table)
        .values((
            memberships::id.eq(new_id()),
            memberships::territory_id.eq(territory_id),
            memberships::organisation_id.eq(organisation_id),
            memberships::state.eq(state),
            memberships::requested_at.eq(requested_at),
            memberships::decided_at.eq(decided_at),
            memberships::ended_at.eq(ended_at),
            memberships::reason.eq(reason),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether an organisation is a member of the territory's network.
pub async fn is_admitted_member<C>(conn: &mut C, territory_id: Uuid, organisation_id: Uuid) -> QueryResult<bool>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    Ok(!admitted_among(conn, territory_id, &[organisation_id]).await?.is_empty())
}

/// Those of `organisations` that are members of the territory's network.
pub async fn admitted_among<C>(
    conn: &mut C,
    territory_id: Uuid,
    organisations: &[Uuid],
) -> QueryResult<HashSet<Uuid>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found: Vec<Uuid> = memberships::table
        .filter(memberships::territory_id.eq(territory_id))
        .filter(memberships::organisation_id.eq_any(organisations))
        .filter(memberships::state.eq(MembershipState::Admitted))
        .select(memberships::organisation_id)
        .load(conn)
        .await?;
    Ok(found.into_iter().collect())
}

/// The members of the territory's network, by name.
pub async fn admitted_members<C>(conn: &mut C, territory_id: Uuid) -> QueryResult<Vec<OrganisationName>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let of_organisation = memberships::territory_id
        .eq(organisations::territory_id)
        .and(memberships::organisation_id.eq(organisations::id));
    organisations::table
        .inner_join(memberships::table.on(of_organisation))
        .filter(memberships::territory_id.eq(territory_id))
        .filter(memberships::state.eq(MembershipState::Admitted))
        .order((organisations::name, organisations::id))
        .select(OrganisationName::as_select())
        .load(conn)
        .await
}

/// How many organisations are members of the territory's network.
pub async fn count_admitted_members<C>(conn: &mut C, territory_id: Uuid) -> QueryResult<i64>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    memberships::table
        .filter(memberships::territory_id.eq(territory_id))
        .filter(memberships::state.eq(MembershipState::Admitted))
        .count()
        .get_result(conn)
        .await
}
