use super::body::BodySummary;
use super::queries;
use crate::scope::Scope;
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::Query;
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem};

/// List the bodies
///
/// The agency sees all of its territory; evaluators the committee; officers of the network's members the assembly and the
/// working groups they are in; referents their own.
#[utoipa::path(
    tag = "governance",
    params(PageQuery),
    responses((status = 200, description = "A page of bodies.", body = Page<BodySummary>)),
)]
#[get("/v1/bodies")]
pub async fn list_bodies(
    actor: Actor,
    db: Data<Db>,
    query: Query<PageQuery>,
) -> Result<web::Json<Page<BodySummary>>, Problem> {
    let limit = query.limit();
    let after = query.after()?;
    let reader = db.reader().await?;
    let scope = Scope::of(&mut &**reader, &actor).await?;
    let found = queries::list(&mut &**reader, &scope, after, limit).await?;
    Ok(web::Json(page(found, limit, |body| body.id)))
}
