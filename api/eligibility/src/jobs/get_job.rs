use super::find_visible;
use actix_web::{HttpResponse, get, web::Data};
use concilia_kernel::extract::Path;
use concilia_kernel::jobs::Job;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Follow a job
///
/// How far it is, and what came out. Ask again every second or so until `finished_at` is set.
#[utoipa::path(
    tag = "eligibility",
    params(("job_id" = Uuid, Path, description = "The job.")),
    responses((status = 200, description = "The job.", body = Job)),
)]
#[get("/v1/jobs/{job_id}")]
pub async fn get_job(actor: Actor, db: Data<Db>, job_id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    Ok(HttpResponse::Ok().json(find_visible(&reader, &actor, *job_id).await?))
}
