use super::{PlanningSettings, settings_of};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::etag_of;
use concilia_kernel::{Actor, Db, Problem};

/// Get the planning settings
///
/// How the caller's territory runs its plan cycle, where the rules leave it a choice.
#[utoipa::path(
    tag = "planning",
    responses((status = 200, description = "The settings.", body = PlanningSettings,
        headers(("ETag" = String, description = "Version of the settings.")))),
)]
#[get("/v1/planning-settings")]
pub async fn get_planning_settings(actor: Actor, db: Data<Db>) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let settings = settings_of(&mut &**reader, actor.territory_id).await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(settings.version))).json(settings))
}
