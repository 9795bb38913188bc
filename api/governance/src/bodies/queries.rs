use super::body::{Body, BodySummary, Seat, WorkingGroupMember};
use crate::people::People;
use crate::rules::states::BodyKind;
use crate::scope::Scope;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::now;
use concilia_network::organisation_names;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A body as stored.
#[derive(Debug, QueryableByName)]
pub(crate) struct BodyRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub kind: BodyKind,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub referent_id: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
}

impl BodyRow {
    fn summary(self, people: &People) -> BodySummary {
        BodySummary {
            id: self.id,
            kind: self.kind,
            referent: people.name(self.referent_id),
            name: self.name,
            created_at: self.created_at,
        }
    }
}

/// A body to be entered.
#[derive(Debug)]
pub struct NewBody<'a> {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub kind: BodyKind,
    /// 1 to 200 characters.
    pub name: &'a str,
    /// Account that answers for it; of working groups, and only of them.
    pub referent_id: Option<Uuid>,
    pub created_by: Option<Uuid>,
}

/// Enters a body. A second committee or assembly of a territory is a unique violation, hence 409.
pub async fn insert_body(connection: &mut AsyncPgConnection, body: NewBody<'_>) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO bodies (id, territory_id, kind, name, referent_id, created_by, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind::<SqlUuid, _>(body.id)
        .bind::<SqlUuid, _>(body.territory_id)
        .bind::<Text, _>(body.kind)
        .bind::<Text, _>(body.name)
        .bind::<Nullable<SqlUuid>, _>(body.referent_id)
        .bind::<Nullable<SqlUuid>, _>(body.created_by)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The body of the territory, held until the transaction ends: who is in it may not change meanwhile.
pub(crate) async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<BodyRow>> {
    cached(
        sql_query(
            "SELECT id, kind, name, referent_id, created_at FROM bodies WHERE territory_id = $1 AND id = $2 FOR UPDATE",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// One more than the limit, if there are, of the bodies in scope.
pub(super) async fn list<C>(
    connection: &mut C,
    scope: &Scope,
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<BodySummary>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let rows: Vec<BodyRow> = cached(
        sql_query(
            "SELECT id, kind, name, referent_id, created_at FROM bodies WHERE territory_id = $1 AND id = ANY($2) \
             AND ($3 IS NULL OR id > $3) ORDER BY id LIMIT $4",
        )
        .bind::<SqlUuid, _>(scope.territory_id)
        .bind::<Array<SqlUuid>, _>(&scope.bodies)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await?;
    let people = People::load(connection, scope.territory_id, rows.iter().map(|row| row.referent_id)).await?;
    Ok(rows.into_iter().map(|row| row.summary(&people)).collect())
}

#[derive(QueryableByName)]
struct SeatRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    organisation_id: Option<Uuid>,
    #[diesel(sql_type = Bool)]
    chair: bool,
    #[diesel(sql_type = Date)]
    from_on: NaiveDate,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    titular_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    substitute_id: Option<Uuid>,
}

#[derive(QueryableByName)]
struct MemberRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    organisation_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    guest_name: Option<String>,
    #[diesel(sql_type = Date)]
    from_on: NaiveDate,
}

/// A body of the territory with its present seats and members.
pub(super) async fn find<C>(connection: &mut C, territory_id: Uuid, id: Uuid) -> QueryResult<Option<Body>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let body: Option<BodyRow> = cached(
        sql_query(
            "SELECT id, kind, name, referent_id, created_at FROM bodies WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()?;
    let Some(body) = body else { return Ok(None) };
    let seats: Vec<SeatRow> = cached(
        sql_query(
            "SELECT s.id, s.name, s.organisation_id, s.chair, s.from_on, t.account_id AS titular_id, \
               u.account_id AS substitute_id \
             FROM committee_seats s \
             LEFT JOIN seat_holders t ON t.seat_id = s.id AND t.capacity = 'titular' AND t.ended_at IS NULL \
             LEFT JOIN seat_holders u ON u.seat_id = s.id AND u.capacity = 'substitute' AND u.ended_at IS NULL \
             WHERE s.territory_id = $1 AND s.body_id = $2 AND s.ended_on IS NULL ORDER BY s.chair DESC, s.name, s.id",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id),
    )
    .load(connection)
    .await?;
    let members = working_group_members(connection, territory_id, id).await?;
    let accounts = seats.iter().flat_map(|seat| [seat.titular_id, seat.substitute_id]);
    let people = People::load(connection, territory_id, accounts.chain([body.referent_id])).await?;
    let seat = |row: SeatRow| Seat {
        titular: people.name(row.titular_id),
        substitute: people.name(row.substitute_id),
        id: row.id,
        name: row.name,
        organisation_id: row.organisation_id,
        chair: row.chair,
        from_on: row.from_on,
    };
    Ok(Some(Body { seats: seats.into_iter().map(seat).collect(), members, summary: body.summary(&people) }))
}

/// The present members of a working group, those of the network first, by name.
pub(crate) async fn working_group_members<C>(
    connection: &mut C,
    territory_id: Uuid,
    body_id: Uuid,
) -> QueryResult<Vec<WorkingGroupMember>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let rows: Vec<MemberRow> = cached(
        sql_query(
            "SELECT id, organisation_id, guest_name, from_on FROM working_group_members \
             WHERE territory_id = $1 AND body_id = $2 AND ended_on IS NULL ORDER BY id",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(body_id),
    )
    .load(connection)
    .await?;
    let organisations: Vec<Uuid> = rows.iter().filter_map(|row| row.organisation_id).collect();
    let names = organisation_names(connection, territory_id, &organisations).await?;
    let mut members: Vec<WorkingGroupMember> = rows
        .into_iter()
        .map(|row| WorkingGroupMember {
            id: row.id,
            organisation: row.organisation_id.and_then(|id| names.get(&id).cloned()),
            guest_name: row.guest_name,
            from_on: row.from_on,
        })
        .collect();
    let name = |member: &WorkingGroupMember| {
        (member.guest_name.clone(), member.organisation.as_ref().map(|organisation| organisation.name.clone()))
    };
    members.sort_by_cached_key(|member| (name(member), member.id));
    Ok(members)
}

/// Adds to a working group an organisation of the network, or a guest.
pub(super) async fn insert_member(
    connection: &mut AsyncPgConnection,
    (territory_id, body_id, id): (Uuid, Uuid, Uuid),
    (organisation_id, guest_name): (Option<Uuid>, Option<&str>),
    from_on: NaiveDate,
) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO working_group_members (id, territory_id, body_id, organisation_id, guest_name, from_on) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(body_id)
        .bind::<Nullable<SqlUuid>, _>(organisation_id)
        .bind::<Nullable<Text>, _>(guest_name)
        .bind::<Date, _>(from_on),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a present member of a working group; false when there is none of that id.
pub(super) async fn end_member(
    connection: &mut AsyncPgConnection,
    (territory_id, body_id, id): (Uuid, Uuid, Uuid),
    ended_on: NaiveDate,
) -> QueryResult<bool> {
    let ended = cached(
        sql_query(
            "UPDATE working_group_members SET ended_on = $4 WHERE territory_id = $1 AND body_id = $2 AND id = $3 \
             AND ended_on IS NULL",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(body_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Date, _>(ended_on),
    )
    .execute(connection)
    .await?;
    Ok(ended == 1)
}
