use super::counts::Composition;
use super::queries::list_frozen;
use crate::territories::territory_of_request;
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::extract::Query;
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Db, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

/// Whose compositions.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListNetworkCompositionsQuery {
    /// Code of the territory; unless told, the caller's own or, without a login, the installation's first.
    #[validate(length(min = 2, max = 40))]
    #[param(min_length = 2, max_length = 40, pattern = "^[A-Z0-9-]+$", example = "ATS-VALPADANA")]
    pub territory: Option<String>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List the frozen compositions of a network
///
/// The compositions frozen for each half-year, last first. Open to all.
#[utoipa::path(
    tag = "network",
    params(ListNetworkCompositionsQuery),
    responses((status = 200, description = "A page of compositions.", body = Page<Composition>),
              (status = 404, description = "There is no such territory or page.")),
)]
#[get("/v1/network-compositions")]
pub async fn list_network_compositions(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    query: Query<ListNetworkCompositionsQuery>,
) -> Result<web::Json<Page<Composition>>, Problem> {
    let limit = limit_or_default(query.limit);
    let before = decode_cursor(query.cursor.as_deref())?;
    let reader = db.reader().await?;
    let territory = territory_of_request(&mut &**reader, query.territory.as_deref(), actor.as_ref()).await?;
    let found = list_frozen(&mut &**reader, &territory, before, limit).await?;
    Ok(web::Json(page(found, limit, |composition| composition.half)))
}
