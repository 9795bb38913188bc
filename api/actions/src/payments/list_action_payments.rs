use super::ActionPayment;
use crate::queries;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, Page, PageQuery, Problem};
use uuid::Uuid;

/// List the payments of an action
///
/// Payments and the entries that take them back, in the order in which they were recorded, refused ones too.
#[utoipa::path(
    tag = "actions",
    params(("action_id" = Uuid, Path, description = "The action."), PageQuery),
    responses((status = 200, description = "A page of payments.", body = Page<ActionPayment>)),
)]
#[get("/v1/actions/{action_id}/payments")]
pub async fn list_action_payments(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let after: Option<Uuid> = query.after()?;
    let limit = query.limit();
    let reader = db.reader().await?;
    queries::actions::find(&mut &**reader, actor.territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
    let found = queries::payments::list(&mut &**reader, actor.territory_id, id.0, after, limit).await?;
    Ok(HttpResponse::Ok().json(page(found, limit, |payment| payment.id)))
}
