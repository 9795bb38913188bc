use crate::queries::figures::figures;
use crate::source::plan_and_source;
use crate::table;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_documents::render_csv;
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::extract::{Path, Query, Upload};
use concilia_kernel::{Db, Problem};
use concilia_network::Half;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// Which figures to export.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExportIndicators {
    /// As frozen for this half-year. Unless told: as of today for those who work on the plan, else as frozen last.
    pub half: Option<Half>,
}

/// Export the indicators as CSV
///
/// Every figure that `list_indicators` lists, a row each, in UTF-8 with a header line (RFC 4180).
#[utoipa::path(
    tag = "indicators",
    params(("plan_id" = Uuid, Path, description = "The plan."), ExportIndicators),
    responses((status = 200, description = "The figures.", body = Upload, content_type = "text/csv")),
)]
#[get("/v1/plans/{plan_id}/indicators/csv")]
pub async fn export_indicators_csv(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    plan_id: Path<Uuid>,
    query: Query<ExportIndicators>,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let (plan, source) = plan_and_source(&mut &**reader, actor.as_ref(), *plan_id, query.half).await?;
    let figures = figures(&mut &**reader, &plan, source).await?;
    let body = render_csv(&table::whole(&figures)).map_err(Problem::internal)?;
    let name = source.half().map_or_else(|| "indicatori.csv".to_owned(), |half| format!("indicatori-{half}.csv"));
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("Content-Disposition", format!("attachment; filename=\"{name}\"")))
        .body(body))
}
