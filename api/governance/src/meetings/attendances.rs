//! Who came and went.

use super::invitations::InvitationRow;
use crate::rules::attendance::Capacity;
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::new_id;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Whether anybody has ever been recorded as present.
pub(super) async fn anybody_came(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    meeting_id: Uuid,
) -> QueryResult<bool> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Bool)]
        came: bool,
    }
    let found: Found = cached(
        sql_query("SELECT EXISTS (SELECT FROM attendances WHERE territory_id = $1 AND meeting_id = $2) AS came")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(meeting_id),
    )
    .get_result(connection)
    .await?;
    Ok(found.came)
}

/// A stay at a meeting.
#[derive(Debug, Clone, QueryableByName)]
pub(crate) struct Stay {
    #[diesel(sql_type = SqlUuid)]
    pub invitation_id: Uuid,
    #[diesel(sql_type = Text)]
    pub capacity: Capacity,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub account_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub delegate_name: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub arrived_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub left_at: Option<DateTime<Utc>>,
}

/// Every stay at a meeting, in the order of arrival.
pub(crate) async fn stays<C>(connection: &mut C, territory_id: Uuid, meeting_id: Uuid) -> QueryResult<Vec<Stay>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT invitation_id, capacity, account_id, delegate_name, arrived_at, left_at FROM attendances \
             WHERE territory_id = $1 AND meeting_id = $2 ORDER BY id",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(meeting_id),
    )
    .load(connection)
    .await
}

/// Whoever is there for the invitation leaves.
pub(super) async fn leave(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    invitation_id: Uuid,
    at: DateTime<Utc>,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE attendances SET left_at = greatest($3, arrived_at) \
             WHERE territory_id = $1 AND invitation_id = $2 AND left_at IS NULL",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(invitation_id)
        .bind::<Timestamptz, _>(at),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Somebody comes for the invitation.
pub(super) async fn arrive(
    connection: &mut AsyncPgConnection,
    (territory_id, meeting_id): (Uuid, Uuid),
    invitation: &InvitationRow,
    (capacity, delegate_name): (Capacity, Option<&str>),
    (at, recorded_by): (DateTime<Utc>, Option<Uuid>),
) -> QueryResult<()> {
    let account_id = match capacity {
        Capacity::Titular => invitation.titular_id,
        Capacity::Substitute => invitation.substitute_id,
        Capacity::Delegate => None,
    };
    cached(
        sql_query(
            "INSERT INTO attendances (id, territory_id, meeting_id, invitation_id, capacity, account_id, delegate_name, \
               arrived_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind::<SqlUuid, _>(new_id())
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(meeting_id)
        .bind::<SqlUuid, _>(invitation.id)
        .bind::<Text, _>(capacity)
        .bind::<Nullable<SqlUuid>, _>(account_id)
        .bind::<Nullable<Text>, _>(delegate_name)
        .bind::<Timestamptz, _>(at)
        .bind::<Nullable<SqlUuid>, _>(recorded_by),
    )
    .execute(connection)
    .await?;
    Ok(())
}
