use crate::rules::states::SignUpState;
use crate::sign_ups::SealedSignUp;
use crate::visibility::offices;
use concilia_kernel::db::cached;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Role};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

const SELECT: &str = "SELECT s.id, s.event_id, s.organisation_id, s.person_sealed, s.state, s.created_at, s.version, \
    CASE s.state WHEN 'waiting' THEN (SELECT count(*)::int FROM event_sign_ups w \
        WHERE w.event_id = s.event_id AND w.state = 'waiting' AND w.position <= s.position) END AS waiting_position, \
    CASE s.state WHEN 'confirmed' THEN e.online_url END AS online_url, \
    c.year AS certificate_year, c.number AS certificate_ordinal \
    FROM event_sign_ups s JOIN events e ON e.id = s.event_id \
    LEFT JOIN event_certificates c ON c.sign_up_id = s.id ";

/// Whose sign-ups the caller sees: its own, its organisations', or all of the territory.
#[derive(Debug)]
pub struct Owner {
    pub territory_id: Uuid,
    pub account_id: Uuid,
    pub organisations: Vec<Uuid>,
    pub is_ats: bool,
}

impl Owner {
    pub fn of(actor: &Actor) -> Self {
        Self {
            territory_id: actor.territory_id,
            account_id: actor.id,
            organisations: offices(actor),
            is_ats: actor.has(Role::Ats),
        }
    }
}

const OWNED: &str = "s.territory_id = $1 AND ($2 OR s.account_id = $3 OR s.organisation_id = ANY($4))";

pub async fn find<C>(connection: &mut C, owner: &Owner, id: Uuid) -> QueryResult<Option<SealedSignUp>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!("{SELECT} WHERE {OWNED} AND s.id = $5"))
            .bind::<SqlUuid, _>(owner.territory_id)
            .bind::<Bool, _>(owner.is_ats)
            .bind::<SqlUuid, _>(owner.account_id)
            .bind::<Array<SqlUuid>, _>(&owner.organisations)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// A page of the sign-ups that the caller sees, oldest first.
pub async fn list<C>(
    connection: &mut C,
    owner: &Owner,
    event_id: Option<Uuid>,
    state: Option<SignUpState>,
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<SealedSignUp>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "{SELECT} WHERE {OWNED} AND ($5 IS NULL OR s.event_id = $5) AND ($6 IS NULL OR s.state = $6) \
             AND ($7 IS NULL OR s.id > $7) ORDER BY s.id LIMIT $8"
        ))
        .bind::<SqlUuid, _>(owner.territory_id)
        .bind::<Bool, _>(owner.is_ats)
        .bind::<SqlUuid, _>(owner.account_id)
        .bind::<Array<SqlUuid>, _>(&owner.organisations)
        .bind::<Nullable<SqlUuid>, _>(event_id)
        .bind::<Nullable<Text>, _>(state)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

/// A sign-up to insert.
#[derive(Debug)]
pub struct NewSignUp {
    pub id: Uuid,
    pub state: SignUpState,
    pub person_sealed: Vec<u8>,
    pub person_index: Vec<u8>,
}

/// Signs people up to an event that the transaction holds, after those who did before, and records it.
pub async fn insert(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    event_id: Uuid,
    organisation_id: Option<Uuid>,
    rows: &[NewSignUp],
    agent: Agent,
) -> QueryResult<Vec<SealedSignUp>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let states: Vec<SignUpState> = rows.iter().map(|row| row.state).collect();
    let sealed: Vec<&[u8]> = rows.iter().map(|row| row.person_sealed.as_slice()).collect();
    let indexes: Vec<&[u8]> = rows.iter().map(|row| row.person_index.as_slice()).collect();
    cached(
        sql_query(
            "WITH made AS ( \
               INSERT INTO event_sign_ups (id, territory_id, event_id, position, state, account_id, organisation_id, \
                 person_sealed, person_index) \
               SELECT n.id, $1, $2, e.last_position + n.nth::int, n.state, $3, $4, n.sealed, n.index \
                 FROM unnest($5, $6, $7, $8) WITH ORDINALITY AS n (id, state, sealed, index, nth), events e \
                WHERE e.territory_id = $1 AND e.id = $2 RETURNING id, state \
             ) \
             INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, to_state, actor_id, actor_role) \
             SELECT uuid_v7(), $1, 'event_sign_up', id, state, $3, $9 FROM made",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(event_id)
        .bind::<Nullable<SqlUuid>, _>(agent.id)
        .bind::<Nullable<SqlUuid>, _>(organisation_id)
        .bind::<Array<SqlUuid>, _>(&ids)
        .bind::<Array<Text>, _>(states)
        .bind::<Array<Binary>, _>(sealed)
        .bind::<Array<Binary>, _>(indexes)
        .bind::<Text, _>(agent.role),
    )
    .execute(connection)
    .await?;
    cached(
        sql_query(format!("{SELECT} WHERE s.territory_id = $1 AND s.id = ANY($2) ORDER BY s.position"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<Array<SqlUuid>, _>(ids),
    )
    .load(connection)
    .await
}

/// Gives the free places of an event that the transaction holds to those who wait, in their order.
pub async fn promote(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    event_id: Uuid,
) -> QueryResult<usize> {
    cached(
        sql_query(
            "WITH next AS ( \
               SELECT s.id FROM event_sign_ups s JOIN events e ON e.id = s.event_id \
                WHERE e.territory_id = $1 AND e.id = $2 AND e.state = 'published' AND e.ends_at > now() \
                  AND s.state = 'waiting' \
                ORDER BY s.position LIMIT (SELECT capacity - places_taken FROM events WHERE id = $2) \
             ), moved AS ( \
               UPDATE event_sign_ups s SET state = 'confirmed', version = version + 1 FROM next WHERE s.id = next.id \
               RETURNING s.id \
             ), told AS ( \
               INSERT INTO outbox (id, territory_id, event, aggregate_id, payload) \
               SELECT uuid_v7(), $1, 'event_sign_up.confirmed', id, \
                      jsonb_build_object('event_id', $2, 'state', 'confirmed') FROM moved \
             ) \
             INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, from_state, to_state, actor_role) \
             SELECT uuid_v7(), $1, 'event_sign_up', id, 'waiting', 'confirmed', 'system' FROM moved",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(event_id),
    )
    .execute(connection)
    .await
}

/// Cancels a sign-up to an event that the transaction holds.
pub async fn cancel(connection: &mut AsyncPgConnection, territory_id: Uuid, id: Uuid) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE event_sign_ups SET state = 'cancelled', version = version + 1 WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Cancels every sign-up to an event that the transaction holds, as the event itself is cancelled.
pub async fn cancel_all(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    event_id: Uuid,
    by: Uuid,
) -> QueryResult<usize> {
    cached(
        sql_query(
            "WITH open AS ( \
               SELECT id, state FROM event_sign_ups WHERE territory_id = $1 AND event_id = $2 AND state <> 'cancelled' \
             ), moved AS ( \
               UPDATE event_sign_ups s SET state = 'cancelled', version = version + 1 FROM open WHERE s.id = open.id \
               RETURNING s.id, open.state AS was \
             ), told AS ( \
               INSERT INTO outbox (id, territory_id, event, aggregate_id, payload) \
               SELECT uuid_v7(), $1, 'event_sign_up.cancelled', id, jsonb_build_object('event_id', $2) FROM moved \
             ) \
             INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, from_state, to_state, actor_id, actor_role, \
               reason) \
             SELECT uuid_v7(), $1, 'event_sign_up', id, was, 'cancelled', $3, 'ats', 'event cancelled' FROM moved",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(event_id)
        .bind::<SqlUuid, _>(by),
    )
    .execute(connection)
    .await
}
