use super::{PlanningSettings, settings_of};
use crate::project_calls::LeadKinds;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::{cached, transaction};
use concilia_kernel::extract::{IfMatch, Json, etag_of};
use concilia_kernel::{Actor, Db, Problem, Ratio};
use diesel::sql_query;
use diesel::sql_types::{Numeric, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// The choices of a territory, as its agency makes them.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lead_kinds": "public_only", "system_actions_share": "0.20"}))]
pub struct UpdatePlanningSettings {
    /// Who may lead an alliance. Calls already written keep what they say.
    pub lead_kinds: LeadKinds,
    /// Share of a plan's resources that the agency keeps for its own actions: 20% unless the territory chose. Plans already
    /// written keep theirs until their money is changed.
    pub system_actions_share: Ratio,
}

/// Change the planning settings
///
/// Makes the choices that the rules leave to the territory.
#[utoipa::path(
    tag = "planning",
    params(("If-Match" = String, Header, description = "Version the change starts from.")),
    request_body = UpdatePlanningSettings,
    responses((status = 200, description = "The changed settings.", body = PlanningSettings,
        headers(("ETag" = String, description = "Version of the settings.")))),
)]
#[put("/v1/planning-settings")]
pub async fn update_planning_settings(
    actor: Actor,
    db: Data<Db>,
    seen: IfMatch,
    body: Json<UpdatePlanningSettings>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let settings = transaction(&mut conn, async |conn| {
        lock(conn, actor.territory_id).await?;
        seen.check(settings_of(conn, actor.territory_id).await?.version)?;
        save(conn, actor.territory_id, &body).await?;
        Ok(settings_of(conn, actor.territory_id).await?)
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(settings.version))).json(settings))
}

/// A territory that never chose has no row to lock.
async fn lock(connection: &mut AsyncPgConnection, territory_id: Uuid) -> Result<(), Problem> {
    cached(
        sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))")
            .bind::<Text, _>(format!("planning_settings {territory_id}")),
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn save(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    chosen: &UpdatePlanningSettings,
) -> Result<(), Problem> {
    cached(
        sql_query(
            "INSERT INTO planning_settings (territory_id, lead_kinds, system_actions_share) VALUES ($1, $2, $3) \
             ON CONFLICT (territory_id) DO UPDATE SET lead_kinds = EXCLUDED.lead_kinds, \
             system_actions_share = EXCLUDED.system_actions_share, version = planning_settings.version + 1",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Text, _>(chosen.lead_kinds)
        .bind::<Numeric, _>(chosen.system_actions_share),
    )
    .execute(connection)
    .await?;
    Ok(())
}
