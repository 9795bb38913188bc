use super::Event;
use crate::queries;
use crate::rules::kinds::EventKind;
use crate::rules::states::EventState;
use crate::visibility::Viewer;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::conditional::answer_page;
use concilia_kernel::extract::{IfNoneMatch, Query};
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Db, Page, Problem, checks};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// Which events to list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListEvents {
    /// Only the events of this territory.
    pub territory_id: Option<Uuid>,
    /// Only the events of this action.
    pub action_id: Option<Uuid>,
    /// Only events of this kind.
    pub kind: Option<EventKind>,
    /// Only events in this state.
    pub state: Option<EventState>,
    /// Events that start on this day (in Italy) or later.
    #[param(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::day_of_the_century"))]
    pub from: Option<NaiveDate>,
    /// Events that start on this day (in Italy) or before.
    #[param(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::day_of_the_century"))]
    pub to: Option<NaiveDate>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List the training events
///
/// Published, concluded and cancelled ones in the order of their start; open to all. The agency also sees its drafts.
#[utoipa::path(
    tag = "actions",
    params(ListEvents,
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "A page of events.", body = Page<Event>,
        headers(("ETag" = String, description = "Tag of the page.")))),
)]
#[get("/v1/events")]
pub async fn list_events(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    query: Query<ListEvents>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let after: Option<(DateTime<Utc>, Uuid)> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let viewer = Viewer::of(actor.as_ref());
    let reader = db.reader().await?;
    let found = queries::events::list(&mut &**reader, viewer, &query, after, limit).await?;
    let shown = page(found, limit, |event| (event.starts_at, event.id));
    answer_page(
        &held,
        &shown.map(|event| if viewer.runs(event.territory_id) { event } else { event.without_link() }),
    )
}
