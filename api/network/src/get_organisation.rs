use crate::organisations::{self, Organisation};
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Problem, Role};
use uuid::Uuid;

/// Read an organisation
///
/// An organisation of the caller's territory. One known only by its request to join is shown to the agency alone.
#[utoipa::path(
    tag = "network",
    params(("organisation_id" = Uuid, Path, description = "The organisation.")),
    responses((status = 200, description = "The organisation.", body = Organisation)),
)]
#[get("/v1/organisations/{organisation_id}")]
pub async fn get_organisation(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
) -> Result<web::Json<Organisation>, Problem> {
    let reader = db.reader().await?;
    let found = organisations::find_organisation(&mut &**reader, actor.territory_id, *id).await?;
    let found = found.filter(|found| !found.newcomer || actor.has(Role::Ats));
    found.map(web::Json).ok_or_else(Problem::not_found)
}
