use super::facts::Household;
use super::queries;
use actix_web::http::header;
use actix_web::{HttpResponse, get, web::Data};
use concilia_kernel::extract::etag_of;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem};

/// Read one's own household
///
/// What the worker declares of the family. The household exists from the activation on, empty.
#[utoipa::path(
    tag = "eligibility",
    responses((status = 200, description = "The household.", body = Household,
               headers(("ETag" = String, description = "Version of the household.")))),
)]
#[get("/v1/household")]
pub async fn get_household(actor: Actor, db: Data<Db>, vault: Data<Vault>) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let (household, version) = queries::find_household(&mut &**reader, &vault, &actor).await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(version))).json(household))
}
