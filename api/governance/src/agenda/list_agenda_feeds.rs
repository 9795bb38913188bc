use super::feed::{self, AgendaFeed};
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::Query;
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem};

/// List the feeds of one's agenda
///
/// Those that were not revoked, without their secrets.
#[utoipa::path(
    tag = "governance",
    params(PageQuery),
    responses((status = 200, description = "A page of feeds.", body = Page<AgendaFeed>)),
)]
#[get("/v1/agenda-feeds")]
pub async fn list_agenda_feeds(
    actor: Actor,
    db: Data<Db>,
    query: Query<PageQuery>,
) -> Result<web::Json<Page<AgendaFeed>>, Problem> {
    let limit = query.limit();
    let after = query.after()?;
    let reader = db.reader().await?;
    let found = feed::list(&mut &**reader, (actor.territory_id, actor.id), after, limit).await?;
    Ok(web::Json(page(found, limit, |feed| feed.id)))
}
