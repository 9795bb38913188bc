use super::PathParticipation;
use crate::queries;
use crate::queries::participations::Selection;
use crate::rules::states::ParticipationState;
use crate::visibility::offices;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Query;
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Actor, Db, Page, Problem, Role};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// Which companies on paths to list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListPathParticipations {
    /// Only companies on this path.
    pub company_path_id: Option<Uuid>,
    /// Only this company.
    pub organisation_id: Option<Uuid>,
    /// Only those in this state.
    pub state: Option<ParticipationState>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List companies on their paths
///
/// The agency sees all of its territory, oldest first; an officer sees its companies.
#[utoipa::path(
    tag = "actions",
    params(ListPathParticipations),
    responses((status = 200, description = "A page of companies on paths.", body = Page<PathParticipation>)),
)]
#[get("/v1/path-participations")]
pub async fn list_path_participations(
    actor: Actor,
    db: Data<Db>,
    query: Query<ListPathParticipations>,
) -> Result<HttpResponse, Problem> {
    let after: Option<Uuid> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let selection = Selection {
        company_path_id: query.company_path_id,
        organisation_id: query.organisation_id,
        state: query.state,
        offices: offices(&actor),
        is_ats: actor.has(Role::Ats),
    };
    let reader = db.reader().await?;
    let found =
        queries::participations::list(&mut &**reader, actor.territory_id, &selection, after, limit).await?;
    Ok(HttpResponse::Ok().json(page(found, limit, |found| found.id)))
}
