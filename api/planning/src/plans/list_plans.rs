use super::Plan;
use super::queries::list_public_plans;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::conditional::answer_page;
use concilia_kernel::extract::{IfNoneMatch, Query};
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Db, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// Which plans to list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListPlans {
    /// Only the plans of this territory.
    pub territory_id: Option<Uuid>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List plans
///
/// The multi-year plans of the territories, those entered last first.
#[utoipa::path(
    tag = "planning",
    params(ListPlans,
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "A page of plans.", body = Page<Plan>,
        headers(("ETag" = String, description = "Tag of the page.")))),
)]
#[get("/v1/plans")]
pub async fn list_plans(
    db: Data<Db>,
    query: Query<ListPlans>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let after: Option<Uuid> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let reader = db.reader().await?;
    let plans = list_public_plans(&mut &**reader, query.territory_id, after, limit).await?;
    answer_page(&held, &page(plans, limit, |plan| plan.id))
}
