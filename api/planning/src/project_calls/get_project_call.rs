use super::ProjectCall;
use super::queries::{CallReader, find_visible};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::conditional::answer;
use concilia_kernel::extract::{IfNoneMatch, Path, etag_of};
use concilia_kernel::{Db, Problem};
use uuid::Uuid;

/// Get a project call
///
/// What the call is for, its money, limits, grid and terms; open to all once it has been opened.
#[utoipa::path(
    tag = "planning",
    params(("project_call_id" = Uuid, Path, description = "The call."),
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The call.", body = ProjectCall,
        headers(("ETag" = String, description = "Version of the call.")))),
)]
#[get("/v1/project-calls/{project_call_id}")]
pub async fn get_project_call(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    id: Path<Uuid>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let call = find_visible(&mut &**reader, CallReader::of(actor.as_ref()), id.0).await?;
    let call = call.ok_or_else(Problem::not_found)?;
    answer(&held, &etag_of(call.version), &call)
}
