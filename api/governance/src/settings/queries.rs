use super::{GovernanceSettings, Versioned};
use concilia_kernel::db::cached;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, SmallInt, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// The terms of the territory, or the usual ones.
pub(crate) async fn find<C>(connection: &mut C, territory_id: Uuid) -> QueryResult<Versioned>
where
    C: AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    let found: Option<Versioned> = cached(
        sql_query(
            "SELECT committee_notice_days, assembly_notice_days, opinion_notice_days, minutes_days, committee_meetings, \
               assembly_meetings, version FROM governance_settings WHERE territory_id = $1",
        )
        .bind::<SqlUuid, _>(territory_id),
    )
    .get_result(connection)
    .await
    .optional()?;
    Ok(found.unwrap_or(Versioned { settings: GovernanceSettings::default(), version: 1 }))
}

/// Writes the terms over those of one of `seen`, or of any version; tells the new version, if there was such a one.
pub(super) async fn update(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    settings: &GovernanceSettings,
    seen: Option<Vec<i64>>,
) -> QueryResult<Option<i64>> {
    #[derive(QueryableByName)]
    struct Written {
        #[diesel(sql_type = BigInt)]
        version: i64,
    }
    let written: Option<Written> = cached(
        sql_query(
            "INSERT INTO governance_settings AS s (territory_id, committee_notice_days, assembly_notice_days, \
               opinion_notice_days, minutes_days, committee_meetings, assembly_meetings, version) \
             SELECT $1, $2, $3, $4, $5, $6, $7, 2 WHERE $8 OR 1 = ANY($9) \
               OR EXISTS (SELECT FROM governance_settings WHERE territory_id = $1) \
             ON CONFLICT (territory_id) DO UPDATE SET committee_notice_days = $2, assembly_notice_days = $3, \
               opinion_notice_days = $4, minutes_days = $5, committee_meetings = $6, assembly_meetings = $7, \
               version = s.version + 1 \
             WHERE $8 OR s.version = ANY($9) RETURNING s.version",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SmallInt, _>(settings.committee_notice_days)
        .bind::<SmallInt, _>(settings.assembly_notice_days)
        .bind::<SmallInt, _>(settings.opinion_notice_days)
        .bind::<SmallInt, _>(settings.minutes_days)
        .bind::<SmallInt, _>(settings.committee_meetings)
        .bind::<SmallInt, _>(settings.assembly_meetings)
        .bind::<Bool, _>(seen.is_none())
        .bind::<Array<BigInt>, _>(seen.unwrap_or_default()),
    )
    .get_result(connection)
    .await
    .optional()?;
    Ok(written.map(|written| written.version))
}
