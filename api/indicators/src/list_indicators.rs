use crate::queries::figures::figures;
use crate::rules::{IndicatorCode, Level};
use crate::source::plan_and_source;
use crate::value::{Figure, FigureKey, IndicatorValue};
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Db, Page, Problem};
use concilia_network::Half;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// Which indicators to list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListIndicators {
    /// As frozen for this half-year. Unless told: as of today for those who work on the plan, else as frozen last.
    pub half: Option<Half>,
    /// Only this indicator.
    pub indicator: Option<IndicatorCode>,
    /// Only those of the plan, or only those of projects.
    pub level: Option<Level>,
    /// Only those of this project.
    pub project_id: Option<Uuid>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List the indicators of a plan
///
/// What the plan and its projects have reached, each figure with its numerator and denominator: those of the plan first,
/// then project by project. Counted from live data; what was frozen for a half-year stays as it was. The records behind a
/// figure: `list_indicator_records`.
#[utoipa::path(
    tag = "indicators",
    params(("plan_id" = Uuid, Path, description = "The plan."), ListIndicators),
    responses((status = 200, description = "A page of figures.", body = Page<IndicatorValue>)),
)]
#[get("/v1/plans/{plan_id}/indicators")]
pub async fn list_indicators(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    plan_id: Path<Uuid>,
    query: Query<ListIndicators>,
) -> Result<web::Json<Page<IndicatorValue>>, Problem> {
    let after: Option<FigureKey> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let reader = db.reader().await?;
    let (plan, source) = plan_and_source(&mut &**reader, actor.as_ref(), *plan_id, query.half).await?;
    let mut found = figures(&mut &**reader, &plan, source).await?;
    found.retain(|figure| {
        let project = figure.project.as_ref().map(|project| project.id);
        query.indicator.is_none_or(|code| code == figure.indicator)
            && query.level.is_none_or(|level| level == figure.indicator.definition().level)
            && query.project_id.is_none_or(|id| project == Some(id))
            && after.as_ref().is_none_or(|after| figure.key() > *after)
    });
    let page = page(found, limit, Figure::key).map(Figure::value);
    Ok(web::Json(page))
}
