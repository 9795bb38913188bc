//! How a territory runs its plan cycle, where rules leave it a choice.

pub mod get_planning_settings;
pub mod update_planning_settings;

use crate::project_calls::LeadKinds;
use concilia_kernel::Ratio;
use concilia_kernel::db::cached;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Numeric, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The choices of a territory.
#[derive(Debug, Clone, Copy, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({"lead_kinds": "public_or_nonprofit", "system_actions_share": "0.20"}))]
pub struct PlanningSettings {
    /// Who may lead an alliance; a call that does not say takes it from here.
    #[diesel(sql_type = Text)]
    pub lead_kinds: LeadKinds,
    /// Share of a plan's resources that the agency keeps for its own actions.
    #[diesel(sql_type = Numeric)]
    pub system_actions_share: Ratio,
    #[diesel(sql_type = BigInt)]
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

/// Those of a territory that never chose.
fn unchosen() -> PlanningSettings {
    let system_actions_share = Ratio::hundredths(20).unwrap_or_default();
    PlanningSettings { lead_kinds: LeadKinds::PublicOrNonprofit, system_actions_share, version: 0 }
}

async fn settings_of<C>(connection: &mut C, territory_id: Uuid) -> QueryResult<PlanningSettings>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found = cached(
        sql_query(
            "SELECT lead_kinds, system_actions_share, version FROM planning_settings WHERE territory_id = $1",
        )
        .bind::<SqlUuid, _>(territory_id),
    );
    Ok(found.get_result(connection).await.optional()?.unwrap_or_else(unchosen))
}

/// Who may lead an alliance in the territory, unless a call says otherwise.
pub(crate) async fn lead_kinds_of<C>(connection: &mut C, territory_id: Uuid) -> QueryResult<LeadKinds>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    Ok(settings_of(connection, territory_id).await?.lead_kinds)
}

/// Share of a plan's resources that the territory's agency keeps for its own actions.
pub(crate) async fn system_actions_share_of<C>(connection: &mut C, territory_id: Uuid) -> QueryResult<Ratio>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    Ok(settings_of(connection, territory_id).await?.system_actions_share)
}
