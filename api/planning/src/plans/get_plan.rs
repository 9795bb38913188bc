use super::Plan;
use super::queries::find_public_plan;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::conditional::answer;
use concilia_kernel::extract::{IfNoneMatch, Path, etag_of};
use concilia_kernel::{Db, Problem};
use uuid::Uuid;

/// Get a plan
///
/// The multi-year plan of a territory, a public document.
#[utoipa::path(
    tag = "planning",
    params(("plan_id" = Uuid, Path, description = "The plan."),
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The plan.", body = Plan,
        headers(("ETag" = String, description = "Version of the plan.")))),
)]
#[get("/v1/plans/{plan_id}")]
pub async fn get_plan(db: Data<Db>, id: Path<Uuid>, held: IfNoneMatch) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let plan = find_public_plan(&mut &**reader, id.0).await?.ok_or_else(Problem::not_found)?;
    answer(&held, &etag_of(plan.version), &plan)
}
