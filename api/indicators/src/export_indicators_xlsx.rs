use crate::export_indicators_csv::ExportIndicators;
use crate::queries::figures::figures;
use crate::source::plan_and_source;
use crate::table;
use crate::value::spoken;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_documents::{Sheet, Workbook, xlsx_file};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::extract::{IfNoneMatch, Path, Query, Upload};
use concilia_kernel::problem::Text;
use concilia_kernel::{Db, Problem, language, today};
use concilia_network::find_territory;
use uuid::Uuid;

/// Export the indicators as a workbook
///
/// Every figure that `list_indicators` lists, in a sheet for the plan and one for its projects, as an XLSX file.
#[utoipa::path(
    tag = "indicators",
    params(("plan_id" = Uuid, Path, description = "The plan."), ExportIndicators,
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The figures.", body = Upload,
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers(("ETag" = String, description = "Tag of the file."),
                ("Content-Disposition" = String, description = "Name for the downloaded file.")))),
)]
#[get("/v1/plans/{plan_id}/indicators/xlsx")]
pub async fn export_indicators_xlsx(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    plan_id: Path<Uuid>,
    query: Query<ExportIndicators>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let (plan, source) = plan_and_source(&mut &**reader, actor.as_ref(), *plan_id, query.half).await?;
    let figures = figures(&mut &**reader, &plan, source).await?;
    let territory = find_territory(&mut &**reader, plan.territory_id).await?.ok_or_else(Problem::not_found)?;
    let (of_plan, of_projects): (Vec<_>, Vec<_>) = figures.into_iter().partition(|f| f.project.is_none());
    let sheet = |it, en, figures: &[_]| Sheet::new(spoken(Text::new(it, en)), table::whole(figures));
    let workbook = Workbook {
        language: language::current().language,
        title: plan.title,
        agency: territory.name,
        date: source.half().map_or_else(today, concilia_network::Half::last_day),
        sheets: vec![sheet("Piano", "Plan", &of_plan), sheet("Progetti", "Projects", &of_projects)],
    };
    let name =
        source.half().map_or_else(|| "indicatori.xlsx".to_owned(), |half| format!("indicatori-{half}.xlsx"));
    Ok(xlsx_file(&name, workbook).await?.answer(&held))
}
