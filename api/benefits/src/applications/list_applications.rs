use super::{ApplicationSummary, people};
use crate::queries::applications::{Reach, list};
use crate::rules::states::ApplicationState;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Query;
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Actor, Db, Page, Problem, Role};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// Which applications to list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListApplications {
    /// Only the applications to this call.
    pub voucher_call_id: Option<Uuid>,
    /// Only the applications in this state.
    pub state: Option<ApplicationState>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List applications
///
/// A worker's own; for officers, those submitted to the calls of their lead, or in their territory. Newest first.
#[utoipa::path(
    tag = "benefits",
    params(ListApplications),
    responses((status = 200, description = "A page of applications.", body = Page<ApplicationSummary>)),
)]
#[get("/v1/applications")]
pub async fn list_applications(
    actor: Actor,
    db: Data<Db>,
    query: Query<ListApplications>,
) -> Result<HttpResponse, Problem> {
    let after: Option<Uuid> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let reader = db.reader().await?;
    let worker_id = if actor.has(Role::Worker) { people::worker(&mut &**reader, &actor).await? } else { None };
    let reach = Reach {
        territory_id: actor.territory_id,
        worker_id,
        is_ats: actor.has(Role::Ats),
        leads: actor.organisations(Role::AllianceLead),
    };
    let found = list(&mut &**reader, &reach, query.voucher_call_id, query.state, after, limit).await?;
    Ok(HttpResponse::Ok().json(page(found, limit, |application| application.id)))
}
