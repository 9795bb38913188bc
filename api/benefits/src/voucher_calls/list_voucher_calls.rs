use super::VoucherCall;
use crate::queries;
use crate::rules::states::VoucherCallState;
use crate::visibility::Viewer;
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

/// Which voucher calls to list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListVoucherCalls {
    /// Only the calls of this project.
    pub project_id: Option<Uuid>,
    /// Only the calls in this state.
    pub state: Option<VoucherCallState>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List voucher calls
///
/// The calls that are or were open, newest first; open to all. Officers of the lead and of the agency
/// also see their drafts.
#[utoipa::path(
    tag = "benefits",
    params(ListVoucherCalls,
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "A page of calls.", body = Page<VoucherCall>,
        headers(("ETag" = String, description = "Tag of the page.")))),
)]
#[get("/v1/voucher-calls")]
pub async fn list_voucher_calls(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    query: Query<ListVoucherCalls>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let after: Option<Uuid> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let viewer = Viewer::of(actor.as_ref());
    let reader = db.reader().await?;
    let calls =
        queries::voucher_calls::list(&mut &**reader, &viewer, query.project_id, query.state, after, limit).await?;
    answer_page(&held, &page(calls, limit, |call| call.id))
}
