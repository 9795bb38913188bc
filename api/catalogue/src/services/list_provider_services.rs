use crate::queries;
use crate::rules::ServiceState;
use crate::services::Service;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Query;
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Actor, Db, Page, Problem, Role};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListProviderServices {
    /// Only services in this state.
    #[param(inline)]
    pub state: Option<ServiceState>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List the caller's services
///
/// Services of the organisations that the caller acts for as a provider, drafts and withdrawn ones too, in the order of
/// their Italian titles.
#[utoipa::path(
    tag = "catalogue",
    params(ListProviderServices),
    responses((status = 200, description = "A page of services.", body = Page<Service>)),
)]
#[get("/v1/provider/services")]
pub async fn list_provider_services(
    actor: Actor,
    db: Data<Db>,
    query: Query<ListProviderServices>,
) -> Result<HttpResponse, Problem> {
    let after: Option<(String, Uuid)> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let providers = actor.organisations(Role::Provider);
    let mut conn = db.conn().await?;
    let services = queries::services::page_of_providers(
        &mut conn,
        actor.territory_id,
        &providers,
        query.state,
        after,
        limit + 1,
    )
    .await?;
    Ok(HttpResponse::Ok().json(page(services, limit, |last| (last.title_it.clone(), last.id))))
}
