use crate::MembershipState;
use crate::schema::memberships;
use concilia_kernel::{new_id, now};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Enters the membership of an organisation, which has one: asked for now and, but while it is
/// requested, decided now.
pub async fn insert_membership(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    organisation_id: Uuid,
    state: MembershipState,
) -> QueryResult<()> {
    let requested_at = now();
    diesel::insert_into(memberships::table)
        .values((
            memberships::id.eq(new_id()),
            memberships::territory_id.eq(territory_id),
            memberships::organisation_id.eq(organisation_id),
            memberships::state.eq(state),
            memberships::requested_at.eq(requested_at),
            memberships::decided_at.eq(Some(requested_at).filter(|_| state != MembershipState::Requested)),
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
    let admitted = memberships::table
        .filter(memberships::territory_id.eq(territory_id))
        .filter(memberships::organisation_id.eq(organisation_id))
        .filter(memberships::state.eq(MembershipState::Admitted));
    diesel::select(diesel::dsl::exists(admitted)).get_result(conn).await
}
