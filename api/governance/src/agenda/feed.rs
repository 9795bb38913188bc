//! Feeds: addresses under which a calendar program reads a person's agenda.

use chrono::{DateTime, Utc};
use concilia_identity::opaque;
use concilia_kernel::db::cached;
use concilia_kernel::{new_id, now};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bytea, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A feed of the caller's agenda.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({"id": "0193a5d0-4444-7000-8000-000000000060", "created_at": "2026-03-02T10:15:00Z"}))]
pub struct AgendaFeed {
    /// Identifier.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// When it was made.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

/// Makes a feed and its secret token, of which only the hash is kept.
pub(super) async fn insert(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    account_id: Uuid,
) -> QueryResult<(AgendaFeed, String)> {
    let (feed, token) = (AgendaFeed { id: new_id(), created_at: now() }, opaque::generate());
    cached(
        sql_query(
            "INSERT INTO agenda_feeds (id, territory_id, account_id, token_hash, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind::<SqlUuid, _>(feed.id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(account_id)
        .bind::<Bytea, _>(opaque::hash(&token))
        .bind::<Timestamptz, _>(feed.created_at),
    )
    .execute(connection)
    .await?;
    Ok((feed, token))
}

/// One more than the limit, if there are, of the account's feeds that were not revoked.
pub(super) async fn list<C>(
    connection: &mut C,
    (territory_id, account_id): (Uuid, Uuid),
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<AgendaFeed>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT id, created_at FROM agenda_feeds WHERE territory_id = $1 AND account_id = $2 AND revoked_at IS NULL \
             AND ($3 IS NULL OR id > $3) ORDER BY id LIMIT $4",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(account_id)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

/// Revokes a feed of the account; false when there is none of that id.
pub(super) async fn revoke(
    connection: &mut AsyncPgConnection,
    (territory_id, account_id): (Uuid, Uuid),
    id: Uuid,
) -> QueryResult<bool> {
    let revoked = cached(
        sql_query(
            "UPDATE agenda_feeds SET revoked_at = $4 WHERE territory_id = $1 AND account_id = $2 AND id = $3 \
             AND revoked_at IS NULL",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(account_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(revoked == 1)
}

/// Whose a feed is.
#[derive(Debug, QueryableByName)]
pub(super) struct Owner {
    #[diesel(sql_type = SqlUuid)]
    pub territory_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub account_id: Uuid,
}

/// Whose the feed of a token is, unless it was revoked. The token names the territory, so there is none to ask for.
pub(super) async fn owner<C>(connection: &mut C, token: &str) -> QueryResult<Option<Owner>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT territory_id, account_id FROM agenda_feeds WHERE token_hash = $1 AND revoked_at IS NULL",
        )
        .bind::<Bytea, _>(opaque::hash(token)),
    )
    .get_result(connection)
    .await
    .optional()
}
