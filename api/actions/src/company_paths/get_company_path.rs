use super::CompanyPath;
use crate::queries;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Get a company path
///
/// Its steps, and how many companies follow it.
#[utoipa::path(
    tag = "actions",
    params(("company_path_id" = Uuid, Path, description = "The path.")),
    responses((status = 200, description = "The path.", body = CompanyPath)),
)]
#[get("/v1/company-paths/{company_path_id}")]
pub async fn get_company_path(actor: Actor, db: Data<Db>, id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let path = queries::company_paths::find(&mut &**reader, actor.territory_id, id.0).await?;
    Ok(HttpResponse::Ok().json(path.ok_or_else(Problem::not_found)?))
}
