use crate::OrganisationKind;
use crate::organisations::{self, Organisation, Selection};
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::Query;
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Actor, Db, Page, Problem, Role};
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

/// Which organisations.
#[derive(Debug, Deserialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListOrganisationsQuery {
    /// Only of this kind.
    #[param(inline)]
    pub kind: Option<OrganisationKind>,
    /// Part of the name, in upper or lower case.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100, pattern = r"^[^\x00]+$", example = "coop")]
    pub q: Option<String>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List the organisations of the network
///
/// The organisations of the caller's territory by name, with where each stands with the network. Those known only by
/// their request to join are shown to the agency alone.
#[utoipa::path(
    tag = "network",
    params(ListOrganisationsQuery),
    responses((status = 200, description = "A page of organisations.", body = Page<Organisation>)),
)]
#[get("/v1/organisations")]
pub async fn list_organisations(
    actor: Actor,
    db: Data<Db>,
    query: Query<ListOrganisationsQuery>,
) -> Result<web::Json<Page<Organisation>>, Problem> {
    let limit = limit_or_default(query.limit);
    let after = decode_cursor(query.cursor.as_deref())?;
    let newcomers = actor.has(Role::Ats);
    let selection = Selection { newcomers, kind: query.kind, name: query.q.as_deref(), after, limit };
    let reader = db.reader().await?;
    let found = organisations::list_organisations(&mut &**reader, actor.territory_id, selection).await?;
    Ok(web::Json(page(found, limit, |organisation| (organisation.name.clone(), organisation.id))))
}
