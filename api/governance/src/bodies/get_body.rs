use super::body::Body;
use super::queries;
use crate::scope::Scope;
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Read a body
///
/// The body with its present seats or members, for those who may see it.
#[utoipa::path(
    tag = "governance",
    params(("body_id" = Uuid, Path, description = "The body.")),
    responses((status = 200, description = "The body.", body = Body)),
)]
#[get("/v1/bodies/{body_id}")]
pub async fn get_body(actor: Actor, db: Data<Db>, id: Path<Uuid>) -> Result<web::Json<Body>, Problem> {
    let reader = db.reader().await?;
    let scope = Scope::of(&mut &**reader, &actor).await?;
    if !scope.bodies.contains(&id.0) {
        return Err(Problem::not_found());
    }
    let found = queries::find(&mut &**reader, actor.territory_id, id.0).await?;
    found.map(web::Json).ok_or_else(Problem::not_found)
}
