use super::project::{Project, with_partners};
use super::summary;
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::Query;
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem};

/// List the projects
///
/// The funded projects of the caller's territory by reference, each with its lead and partners.
#[utoipa::path(
    tag = "planning",
    params(PageQuery),
    responses((status = 200, description = "A page of projects.", body = Page<Project>)),
)]
#[get("/v1/projects")]
pub async fn list_projects(
    actor: Actor,
    db: Data<Db>,
    query: Query<PageQuery>,
) -> Result<web::Json<Page<Project>>, Problem> {
    let limit = query.limit();
    let reader = db.reader().await?;
    let found = summary::list_projects(&mut &**reader, actor.territory_id, query.after()?, limit).await?;
    let found = page(found, limit, |project| project.reference.clone());
    let items = with_partners(&mut &**reader, actor.territory_id, found.items).await?;
    Ok(web::Json(Page { items, next: found.next }))
}
