use super::CompanyPath;
use crate::queries;
use crate::rules::states::CompanyPathState;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Query;
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Actor, Db, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// Which company paths to list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListCompanyPaths {
    /// Only the paths of this action.
    pub action_id: Option<Uuid>,
    /// Only paths in this state.
    pub state: Option<CompanyPathState>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List the company paths
///
/// Those of the caller's territory, oldest first.
#[utoipa::path(
    tag = "actions",
    params(ListCompanyPaths),
    responses((status = 200, description = "A page of paths.", body = Page<CompanyPath>)),
)]
#[get("/v1/company-paths")]
pub async fn list_company_paths(
    actor: Actor,
    db: Data<Db>,
    query: Query<ListCompanyPaths>,
) -> Result<HttpResponse, Problem> {
    let after: Option<Uuid> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let reader = db.reader().await?;
    let (action_id, state) = (query.action_id, query.state);
    let found =
        queries::company_paths::list(&mut &**reader, actor.territory_id, action_id, state, after, limit).await?;
    Ok(HttpResponse::Ok().json(page(found, limit, |path| path.id)))
}
