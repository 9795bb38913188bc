use crate::queries::service_sessions::Window;
use crate::service_sessions::ServiceSession;
use crate::{days, queries};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Db, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListServiceSessions {
    /// Sessions that start on this day (in Italy) or later.
    #[validate(custom(function = "days::in_contract"))]
    pub from: Option<NaiveDate>,
    /// Sessions that start on this day (in Italy) or before.
    #[validate(custom(function = "days::in_contract"))]
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

/// List a service's sessions
///
/// Dated sessions of a service with their places, past and cancelled ones too, in the order of their start. Public
/// where the service is.
#[utoipa::path(
    tag = "catalogue",
    params(("service_id" = Uuid, Path, description = "The service."), ListServiceSessions),
    responses((status = 200, description = "A page of sessions.", body = Page<ServiceSession>)),
)]
#[get("/v1/services/{service_id}/sessions")]
pub async fn list_service_sessions(
    actor: OptionalActor,
    db: Data<Db>,
    service_id: Path<Uuid>,
    query: Query<ListServiceSessions>,
) -> Result<HttpResponse, Problem> {
    let after: Option<(DateTime<Utc>, Uuid)> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let window = Window {
        starts_from: query.from.map_or(DateTime::UNIX_EPOCH, days::start_of),
        starts_before: days::end_of(query.to.unwrap_or(NaiveDate::MAX)),
        after,
    };
    let reader = db.reader().await?;
    let service = queries::services::find(&mut &**reader, service_id.into_inner()).await?;
    if !service.is_visible_to(actor.0.as_ref()) {
        return Err(Problem::not_found());
    }
    let sessions = queries::service_sessions::page(&mut &**reader, service.id, window, limit + 1).await?;
    Ok(HttpResponse::Ok().json(page(sessions, limit, |last| (last.starts_at, last.id))))
}
