use super::membership::MembershipSummary;
use super::queries::{self, Selection};
use crate::organisations::containing;
use crate::territories::territory_of_request;
use crate::{MembershipState, OrganisationKind, officer_organisations};
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::extract::Query;
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Db, Page, Problem, Role};
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

/// Which memberships to list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListMembershipsQuery {
    /// Code of the territory; unless told, the caller's own or, without a login, the installation's first.
    #[validate(length(min = 2, max = 40))]
    #[param(min_length = 2, max_length = 40, pattern = "^[A-Z0-9-]+$", example = "ATS-VALPADANA")]
    pub territory: Option<String>,
    /// Only in this state, of those the caller may see.
    pub state: Option<MembershipState>,
    /// Only of this kind.
    #[param(inline)]
    pub kind: Option<OrganisationKind>,
    /// Part of the organisation's name, in upper or lower case.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100, pattern = r"^[^\x00]+$", example = "coop")]
    pub q: Option<String>,
    /// Earlier memberships too, of those the caller may see; otherwise the last of each organisation.
    pub history: Option<bool>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List the memberships of a network
///
/// The members of a territory's network by name: open to all. The territory's agency also sees who waits, was refused
/// or left; the officers of an organisation see their own.
#[utoipa::path(
    tag = "network",
    params(ListMembershipsQuery),
    responses((status = 200, description = "A page of memberships.", body = Page<MembershipSummary>),
              (status = 404, description = "There is no such territory or page.")),
)]
#[get("/v1/memberships")]
pub async fn list_memberships(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    query: Query<ListMembershipsQuery>,
) -> Result<web::Json<Page<MembershipSummary>>, Problem> {
    let limit = limit_or_default(query.limit);
    let after = decode_cursor(query.cursor.as_deref())?;
    let reader = db.reader().await?;
    let territory = territory_of_request(&mut &**reader, query.territory.as_deref(), actor.as_ref()).await?;
    let insider = actor.as_ref().filter(|actor| actor.territory_id == territory.id);
    let name = query.q.as_deref().map(containing);
    let selection = Selection {
        all: insider.is_some_and(|actor| actor.has(Role::Ats)),
        own: insider.map(officer_organisations).unwrap_or_default(),
        state: query.state,
        kind: query.kind,
        name: name.as_deref(),
        history: query.history.unwrap_or(false),
        after,
        limit,
    };
    let found = queries::list(&mut &**reader, territory.id, selection).await?;
    Ok(web::Json(page(found, limit, |membership| (membership.organisation.name.clone(), membership.id))))
}
