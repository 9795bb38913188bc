use super::variation::ProjectVariation;
use crate::schema::project_variations;
use crate::stance::Stance;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// List the variations of a project
///
/// The newest first; for the agency, the lead's officers and the partners.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."), PageQuery),
    responses((status = 200, description = "A page of variations.", body = Page<ProjectVariation>)),
)]
#[get("/v1/projects/{project_id}/variations")]
pub async fn list_project_variations(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let (after, limit) = (query.after::<Uuid>()?, query.limit());
    let reader = db.reader().await?;
    let project = concilia_planning::find_project(&mut &**reader, actor.territory_id, *project_id).await?;
    Stance::of(&mut &**reader, &actor, &project.ok_or_else(Problem::not_found)?).await?;
    let mut rows = project_variations::table
        .filter(project_variations::territory_id.eq(actor.territory_id))
        .filter(project_variations::project_id.eq(*project_id))
        .order(project_variations::id.desc())
        .limit(limit + 1)
        .select(ProjectVariation::as_select())
        .into_boxed();
    if let Some(after) = after {
        rows = rows.filter(project_variations::id.lt(after));
    }
    let rows: Vec<ProjectVariation> = rows.load(&mut &**reader).await?;
    Ok(HttpResponse::Ok().json(page(rows, limit, |variation| variation.id)))
}
