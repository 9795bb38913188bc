use super::queries::{CallFilter, CallReader, list_visible};
use super::{ProjectCall, ProjectCallState};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::conditional::answer_page;
use concilia_kernel::extract::{IfNoneMatch, Query};
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Db, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// Which project calls to list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListProjectCalls {
    /// Only the calls of this territory.
    pub territory_id: Option<Uuid>,
    /// Only the calls of this plan.
    pub plan_id: Option<Uuid>,
    /// Only the calls in this state.
    pub state: Option<ProjectCallState>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List project calls
///
/// The calls that are or were open, newest first; open to all. Officers of the agency also see their drafts.
#[utoipa::path(
    tag = "planning",
    params(ListProjectCalls,
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "A page of calls.", body = Page<ProjectCall>,
        headers(("ETag" = String, description = "Tag of the page.")))),
)]
#[get("/v1/project-calls")]
pub async fn list_project_calls(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    query: Query<ListProjectCalls>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let after: Option<Uuid> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let filter = CallFilter { territory_id: query.territory_id, plan_id: query.plan_id, state: query.state };
    let reader = db.reader().await?;
    let calls = list_visible(&mut &**reader, CallReader::of(actor.as_ref()), filter, after, limit).await?;
    answer_page(&held, &page(calls, limit, |call| call.id))
}
