use super::motion::Motion;
use super::queries;
use crate::meetings::find_in_scope;
use crate::scope::Scope;
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Page, Problem};
use uuid::Uuid;

/// List the motions of a meeting
///
/// All of them, in the order of the agenda: a meeting has few.
#[utoipa::path(
    tag = "governance",
    params(("meeting_id" = Uuid, Path, description = "The meeting.")),
    responses((status = 200, description = "The motions.", body = Page<Motion>)),
)]
#[get("/v1/meetings/{meeting_id}/motions")]
pub async fn list_motions(actor: Actor, db: Data<Db>, id: Path<Uuid>) -> Result<web::Json<Page<Motion>>, Problem> {
    let reader = db.reader().await?;
    let scope = Scope::of(&mut &**reader, &actor).await?;
    find_in_scope(&mut &**reader, &scope, id.0).await?.ok_or_else(Problem::not_found)?;
    let items = queries::of_meeting(&mut &**reader, actor.territory_id, id.0).await?;
    Ok(web::Json(Page { items, next: None }))
}
