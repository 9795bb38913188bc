use super::request::OpinionRequest;
use crate::rules::states::OpinionState;
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::now;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

const SELECT: &str = "SELECT r.id, r.organisation_id, r.subject, r.text, r.state, r.needed, r.filed_at, r.meeting_id, \
    r.opinion, r.answered_at, r.created_at, r.version, \
    ARRAY(SELECT s.organisation_id FROM opinion_signatures s WHERE s.opinion_request_id = r.id \
          ORDER BY s.signed_at, s.organisation_id) AS signatures, \
    (SELECT m.id FROM meetings m JOIN bodies b ON b.territory_id = m.territory_id AND b.id = m.body_id \
     WHERE m.territory_id = r.territory_id AND b.kind = 'assembly' AND m.state = 'convened' AND r.state = 'filed' \
       AND m.starts_at > r.filed_at AND italian_day(m.starts_at) \
         - italian_day(r.filed_at) \
         >= coalesce((SELECT g.opinion_notice_days FROM governance_settings g WHERE g.territory_id = r.territory_id), 15) \
     ORDER BY m.starts_at, m.id LIMIT 1) AS receivable_at \
    FROM opinion_requests r WHERE r.territory_id = $1";

pub(super) async fn find<C>(
    connection: &mut C,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<OpinionRequest>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(sql_query(format!("{SELECT} AND r.id = $2")).bind::<SqlUuid, _>(territory_id).bind::<SqlUuid, _>(id))
        .get_result(connection)
        .await
        .optional()
}

/// One more than the limit, if there are, last first.
pub(super) async fn list<C>(
    connection: &mut C,
    territory_id: Uuid,
    before: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<OpinionRequest>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!("{SELECT} AND ($2 IS NULL OR r.id < $2) ORDER BY r.id DESC LIMIT $3"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<Nullable<SqlUuid>, _>(before)
            .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

/// A request as far as its moves need it.
#[derive(Debug, QueryableByName)]
pub(super) struct Held {
    #[diesel(sql_type = Text)]
    pub state: OpinionState,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub filed_at: Option<DateTime<Utc>>,
}

/// The request, held until the transaction ends.
pub(super) async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<Held>> {
    cached(
        sql_query("SELECT state, filed_at FROM opinion_requests WHERE territory_id = $1 AND id = $2 FOR UPDATE")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

pub(super) async fn insert(
    connection: &mut AsyncPgConnection,
    (territory_id, organisation_id, id): (Uuid, Uuid, Uuid),
    (subject, text): (&str, &str),
    created_by: Uuid,
) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO opinion_requests (id, territory_id, organisation_id, subject, text, state, created_by, created_at) \
             VALUES ($1, $2, $3, $4, $5, 'collecting', $6, $7)",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(organisation_id)
        .bind::<Text, _>(subject)
        .bind::<Text, _>(text)
        .bind::<SqlUuid, _>(created_by)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Signed {
    #[diesel(sql_type = Array<SqlUuid>)]
    organisations: Vec<Uuid>,
}

/// Signs a request that the transaction holds and tells who has signed it. A second signature of an organisation is a
/// unique violation, hence 409.
pub(super) async fn sign(
    connection: &mut AsyncPgConnection,
    (territory_id, id): (Uuid, Uuid),
    organisation_id: Uuid,
    signed_by: Uuid,
) -> QueryResult<Vec<Uuid>> {
    cached(
        sql_query(
            "INSERT INTO opinion_signatures (territory_id, opinion_request_id, organisation_id, signed_by, signed_at) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(organisation_id)
        .bind::<SqlUuid, _>(signed_by)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    let signed: Signed = cached(
        sql_query(
            "SELECT coalesce(array_agg(organisation_id), '{}') AS organisations FROM opinion_signatures \
             WHERE territory_id = $1 AND opinion_request_id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await?;
    Ok(signed.organisations)
}

/// Files a request that the transaction holds.
pub(super) async fn file(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    needed: i64,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE opinion_requests SET state = 'filed', needed = $3, filed_at = $4, version = version + 1 \
             WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Integer, _>(i32::try_from(needed).unwrap_or(i32::MAX))
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Answers a request that the transaction holds.
pub(super) async fn answer(
    connection: &mut AsyncPgConnection,
    (territory_id, id): (Uuid, Uuid),
    meeting_id: Uuid,
    opinion: &str,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE opinion_requests SET state = 'answered', meeting_id = $3, opinion = $4, answered_at = $5, \
               version = version + 1 WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(meeting_id)
        .bind::<Text, _>(opinion)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(())
}
