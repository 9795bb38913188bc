use super::meeting::MeetingSummary;
use super::queries::{self, Selection};
use crate::rules::states::MeetingState;
use crate::scope::Scope;
use actix_web::get;
use actix_web::web::{self, Data};
use chrono::{Days, NaiveDate};
use concilia_kernel::clock::italian_midnight;
use concilia_kernel::extract::Query;
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Actor, Db, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// Which meetings to list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListMeetingsQuery {
    /// Only of this body.
    pub body_id: Option<Uuid>,
    /// Only in this state.
    pub state: Option<MeetingState>,
    /// Only from this day on (in Italy).
    pub from: Option<NaiveDate>,
    /// Only up to this day (in Italy), included.
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

/// List meetings
///
/// The meetings of the bodies that the caller may see, last first.
#[utoipa::path(
    tag = "governance",
    params(ListMeetingsQuery),
    responses((status = 200, description = "A page of meetings.", body = Page<MeetingSummary>)),
)]
#[get("/v1/meetings")]
pub async fn list_meetings(
    actor: Actor,
    db: Data<Db>,
    query: Query<ListMeetingsQuery>,
) -> Result<web::Json<Page<MeetingSummary>>, Problem> {
    let limit = limit_or_default(query.limit);
    let before = decode_cursor(query.cursor.as_deref())?;
    let reader = db.reader().await?;
    let scope = Scope::of(&mut &**reader, &actor).await?;
    let selection = Selection {
        body_id: query.body_id,
        state: query.state,
        from: query.from.map(italian_midnight),
        to: query.to.and_then(|day| day.checked_add_days(Days::new(1))).map(italian_midnight),
        before,
        limit,
    };
    let found = queries::list(&mut &**reader, &scope, selection).await?;
    Ok(web::Json(page(found, limit, |meeting| (meeting.starts_at, meeting.id))))
}
