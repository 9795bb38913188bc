use super::half_year;
use crate::queries::figures::figures;
use crate::source::{Source, plan_and_source};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_documents::pdf_file;
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::extract::{IfNoneMatch, Path, Query, Upload};
use concilia_kernel::{Db, Problem, today};
use concilia_network::{Half, find_territory};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// Which report.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct GetHalfYearReport {
    /// As frozen for this half-year. Unless told: a draft as of today for those who work on the plan, else as frozen last.
    pub half: Option<Half>,
}

/// Half-yearly report of a plan
///
/// The monitoring report as a PDF to be signed: network, system actions, projects, their spending and beneficiaries, with
/// charts, beside the half-year before where that was frozen. Made of the figures that `list_indicators` lists; as of
/// today it is marked as a draft.
#[utoipa::path(
    tag = "indicators",
    params(("plan_id" = Uuid, Path, description = "The plan."), GetHalfYearReport,
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The report.", body = Upload, content_type = "application/pdf",
        headers(("ETag" = String, description = "Tag of the file."),
                ("Content-Disposition" = String, description = "Name for the downloaded file.")))),
)]
#[get("/v1/plans/{plan_id}/half-year-report")]
pub async fn get_half_year_report(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    plan_id: Path<Uuid>,
    query: Query<GetHalfYearReport>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let (plan, source) = plan_and_source(&mut &**reader, actor.as_ref(), *plan_id, query.half).await?;
    let present = figures(&mut &**reader, &plan, source).await?;
    let before = match source.half() {
        Some(half) => plan_and_source(&mut &**reader, actor.as_ref(), *plan_id, Some(half.previous())).await.ok(),
        None => None,
    };
    let before = match before {
        Some((_, source @ Source::Frozen { half, .. })) => {
            Some((half, figures(&mut &**reader, &plan, source).await?))
        }
        _ => None,
    };
    let territory = find_territory(&mut &**reader, plan.territory_id).await?.ok_or_else(Problem::not_found)?;
    let name = source.half().map_or_else(|| "bozza".to_owned(), |half| half.to_string());
    let data = half_year::Data {
        plan: &plan,
        territory: &territory,
        half: source.half(),
        date: source.half().map_or_else(today, Half::last_day),
        figures: &present,
        before: before.as_ref().map(|(half, figures)| (*half, figures.as_slice())),
    };
    Ok(pdf_file(&format!("relazione-{name}.pdf"), half_year::document(&data)).await?.answer(&held))
}
