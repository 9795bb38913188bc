use super::Application;
use super::sight::Sight;
use crate::queries;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Get an application
///
/// The worker reads their own; officers of the call's lead those submitted, with what the family declared, as they decide
/// on it. The agency's officers read those submitted without what was declared. Nobody else does.
#[utoipa::path(
    tag = "benefits",
    params(("application_id" = Uuid, Path, description = "The application.")),
    responses((status = 200, description = "The application.", body = Application,
        headers(("ETag" = String, description = "Version of the application.")))),
)]
#[get("/v1/applications/{application_id}")]
pub async fn get_application(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let application = queries::applications::find(&mut &**reader, actor.territory_id, id.0).await?;
    let application = application.ok_or_else(Problem::not_found)?;
    let sight = Sight::of(&mut &**reader, &actor, &application).await?;
    let application =
        if sight.facts { Application::open(&application, &vault)? } else { Application::closed(&application) };
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(application.version))).json(application))
}
