use super::{OrderSummary, queries};
use crate::rules::OrderState;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Query;
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Actor, Db, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListOrders {
    /// Only orders in this state.
    #[param(inline)]
    pub state: Option<OrderState>,
    /// Only orders of this provider.
    pub provider_id: Option<Uuid>,
    /// Only orders of this plan.
    pub family_plan_id: Option<Uuid>,
    /// Only orders of this store.
    pub store_id: Option<Uuid>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List orders
///
/// Newest first: a worker's own, a provider's own, those of a lead's stores, all of the territory for its agency.
#[utoipa::path(
    tag = "marketplace",
    params(ListOrders),
    responses((status = 200, description = "A page of orders.", body = Page<OrderSummary>)),
)]
#[get("/v1/orders")]
pub async fn list_orders(actor: Actor, db: Data<Db>, query: Query<ListOrders>) -> Result<HttpResponse, Problem> {
    let before: Option<Uuid> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let mut conn = db.conn().await?;
    let orders = queries::list_orders(&mut *conn, &actor, &query, before, limit + 1).await?;
    Ok(HttpResponse::Ok().json(page(orders, limit, |order| order.id)))
}
