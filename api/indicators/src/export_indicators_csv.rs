use crate::queries::figures::figures;
use crate::source::plan_and_source;
use crate::table;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_documents::csv_file;
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::extract::{IfNoneMatch, Path, Query, Upload};
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
    params(("plan_id" = Uuid, Path, description = "The plan."), ExportIndicators,
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The figures.", body = Upload, content_type = "text/csv",
        headers(("ETag" = String, description = "Tag of the file."),
                ("Content-Disposition" = String, description = "Name for the downloaded file.")))),
)]
#[get("/v1/plans/{plan_id}/indicators/csv")]
pub async fn export_indicators_csv(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    plan_id: Path<Uuid>,
    query: Query<ExportIndicators>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let (plan, source) = plan_and_source(&mut &**reader, actor.as_ref(), *plan_id, query.half).await?;
    let figures = figures(&mut &**reader, &plan, source).await?;
    let name = source.half().map_or_else(|| "indicatori.csv".to_owned(), |half| format!("indicatori-{half}.csv"));
    Ok(csv_file(&name, table::whole(&figures)).await?.answer(&held))
}
