use actix_web::{HttpResponse, get, web::Data};
use concilia_kernel::extract::Query;
use concilia_kernel::jobs::{self, Job};
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem, Role};

/// List jobs
///
/// Those of the caller's organisations, or for an officer of the agency those of the territory; newest
/// first.
#[utoipa::path(
    tag = "eligibility",
    params(PageQuery),
    responses((status = 200, description = "A page of jobs.", body = Page<Job>)),
)]
#[get("/v1/jobs")]
pub async fn list_jobs(actor: Actor, db: Data<Db>, query: Query<PageQuery>) -> Result<HttpResponse, Problem> {
    let before = query.after()?;
    let organisations = (!actor.has(Role::Ats)).then(|| actor.organisations(Role::Employer));
    let reader = db.reader().await?;
    let rows =
        jobs::list(&mut &**reader, actor.territory_id, organisations.as_deref(), before, query.limit()).await?;
    Ok(HttpResponse::Ok().json(page(rows, query.limit(), |job| job.id)))
}
