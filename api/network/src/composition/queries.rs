use super::counts::{Composition, Group, compose};
use super::half::Half;
use crate::territories::Territory;
use crate::{CompanySize, OrganisationKind};
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::{new_id, now, today};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    kind: OrganisationKind,
    #[diesel(sql_type = Nullable<Text>)]
    company_size: Option<CompanySize>,
    #[diesel(sql_type = BigInt)]
    members: i64,
    #[diesel(sql_type = BigInt)]
    in_alliances: i64,
}

impl From<Row> for Group {
    fn from(Row { kind, company_size, members, in_alliances }: Row) -> Self {
        Self { kind, company_size, members, in_alliances }
    }
}

/// The members of a territory's network as they are now. In an alliance is who is a partner, and has not left, of a
/// project that was submitted and has not fallen (inadmissible, not funded, declined, merged or revoked).
pub async fn live_composition<C>(connection: &mut C, territory: &Territory) -> QueryResult<Composition>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let rows: Vec<Row> = cached(
        sql_query(
            "SELECT o.kind, o.company_size, count(*) AS members, count(a.organisation_id) AS in_alliances \
             FROM memberships m \
             JOIN organisations o ON o.territory_id = m.territory_id AND o.id = m.organisation_id \
             LEFT JOIN network_alliance_members a \
               ON a.territory_id = m.territory_id AND a.organisation_id = m.organisation_id \
             WHERE m.territory_id = $1 AND m.state = 'admitted' GROUP BY o.kind, o.company_size",
        )
        .bind::<SqlUuid, _>(territory.id),
    )
    .load(connection)
    .await?;
    let groups: Vec<Group> = rows.into_iter().map(Group::from).collect();
    Ok(compose(territory.code.clone(), None, now(), &groups))
}

#[derive(QueryableByName)]
struct Frozen {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    half: Half,
    #[diesel(sql_type = Timestamptz)]
    taken_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct FrozenRow {
    #[diesel(sql_type = SqlUuid)]
    composition_id: Uuid,
    #[diesel(embed)]
    count: Row,
}

/// The compositions with their counts: one statement, however many there are.
async fn with_counts<C>(
    connection: &mut C,
    territory: &Territory,
    frozen: Vec<Frozen>,
) -> QueryResult<Vec<Composition>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let ids: Vec<Uuid> = frozen.iter().map(|one| one.id).collect();
    let rows: Vec<FrozenRow> = cached(
        sql_query(
            "SELECT composition_id, kind, company_size, count(*) AS members, \
               count(*) FILTER (WHERE in_alliance) AS in_alliances \
             FROM network_composition_members WHERE territory_id = $1 AND composition_id = ANY($2) \
             GROUP BY composition_id, kind, company_size",
        )
        .bind::<SqlUuid, _>(territory.id)
        .bind::<Array<SqlUuid>, _>(&ids),
    )
    .load(connection)
    .await?;
    let mut rows: Vec<(Uuid, Group)> =
        rows.into_iter().map(|found| (found.composition_id, found.count.into())).collect();
    let whole = |one: Frozen| {
        let (own, others): (Vec<_>, Vec<_>) = rows.drain(..).partition(|(id, _)| *id == one.id);
        rows = others;
        let groups: Vec<Group> = own.into_iter().map(|(_, group)| group).collect();
        compose(territory.code.clone(), Some(one.half), one.taken_at, &groups)
    };
    Ok(frozen.into_iter().map(whole).collect())
}

/// The composition frozen for a half-year, if it was.
pub async fn frozen_composition<C>(
    connection: &mut C,
    territory: &Territory,
    half: Half,
) -> QueryResult<Option<Composition>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let frozen: Option<Frozen> = cached(
        sql_query("SELECT id, half, taken_at FROM network_compositions WHERE territory_id = $1 AND half = $2")
            .bind::<SqlUuid, _>(territory.id)
            .bind::<Text, _>(half),
    )
    .get_result(connection)
    .await
    .optional()?;
    Ok(with_counts(connection, territory, Vec::from_iter(frozen)).await?.pop())
}

/// One more than the limit, if there are, last half first, before the half `before`.
pub(super) async fn list_frozen<C>(
    connection: &mut C,
    territory: &Territory,
    before: Option<Half>,
    limit: i64,
) -> QueryResult<Vec<Composition>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let frozen: Vec<Frozen> = cached(
        sql_query(
            "SELECT id, half, taken_at FROM network_compositions WHERE territory_id = $1 \
             AND ($2 IS NULL OR half < $2) ORDER BY half DESC LIMIT $3",
        )
        .bind::<SqlUuid, _>(territory.id)
        .bind::<Nullable<Text>, _>(before)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await?;
    with_counts(connection, territory, frozen).await
}

/// Freezes, for a half-year, the members that it had at its end or, if it is not over, has now. A half that was frozen already is a unique violation, hence
/// 409.
pub async fn freeze_composition(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    half: Half,
    taken_by: Option<Uuid>,
) -> QueryResult<Uuid> {
    let id = new_id();
    cached(
        sql_query(
            "WITH composition AS ( \
               INSERT INTO network_compositions (id, territory_id, half, taken_at, taken_by) \
               VALUES ($2, $1, $3, $4, $5) RETURNING id \
             ) \
             INSERT INTO network_composition_members (territory_id, composition_id, organisation_id, kind, company_size, \
               in_alliance) \
             SELECT m.territory_id, composition.id, o.id, o.kind, o.company_size, a.organisation_id IS NOT NULL \
             FROM composition, memberships m \
             JOIN organisations o ON o.territory_id = m.territory_id AND o.id = m.organisation_id \
             LEFT JOIN network_alliance_members a \
               ON a.territory_id = m.territory_id AND a.organisation_id = m.organisation_id \
             WHERE m.territory_id = $1 AND m.state IN ('admitted','withdrawn','excluded') \
               AND italian_day(m.decided_at) <= $6 AND (m.ended_at IS NULL OR italian_day(m.ended_at) > $6)",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(half)
        .bind::<Timestamptz, _>(now())
        .bind::<Nullable<SqlUuid>, _>(taken_by)
        .bind::<Date, _>(today().min(half.last_day())),
    )
    .execute(connection)
    .await?;
    Ok(id)
}
