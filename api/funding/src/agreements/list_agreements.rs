use super::agreement::Agreement;
use crate::schema::agreements;
use crate::stance::Stance;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// List the agreements of a project
///
/// The last first: that is the one that counts; those before it were replaced before anybody signed.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."), PageQuery),
    responses((status = 200, description = "A page of agreements.", body = Page<Agreement>)),
)]
#[get("/v1/projects/{project_id}/agreements")]
pub async fn list_agreements(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let (before, limit) = (query.after()?.unwrap_or(i32::MAX), query.limit());
    let reader = db.reader().await?;
    let project = concilia_planning::find_project(&mut &**reader, actor.territory_id, *project_id).await?;
    Stance::of(&mut &**reader, &actor, &project.ok_or_else(Problem::not_found)?).await?;
    let rows: Vec<Agreement> = agreements::table
        .filter(agreements::territory_id.eq(actor.territory_id))
        .filter(agreements::project_id.eq(*project_id))
        .filter(agreements::number.lt(before))
        .order(agreements::number.desc())
        .limit(limit + 1)
        .select(Agreement::as_select())
        .load(&mut &**reader)
        .await?;
    Ok(HttpResponse::Ok().json(page(rows, limit, |agreement| agreement.number)))
}
