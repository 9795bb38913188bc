use super::EventSignUp;
use crate::queries;
use crate::queries::sign_ups::Owner;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Path;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Get a sign-up
///
/// For who made it, the officers of its organisation, and the agency.
#[utoipa::path(
    tag = "actions",
    params(("sign_up_id" = Uuid, Path, description = "The sign-up.")),
    responses((status = 200, description = "The sign-up.", body = EventSignUp)),
)]
#[get("/v1/event-sign-ups/{sign_up_id}")]
pub async fn get_event_sign_up(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let found = queries::sign_ups::find(&mut &**reader, &Owner::of(&actor), id.0).await?;
    let sign_up = found.ok_or_else(Problem::not_found)?.opened(&vault)?;
    Ok(HttpResponse::Ok().json(sign_up))
}
