use super::get_project_calendar::calendar;
use crate::rules::calendar_picture::{Chart, Row, draw};
use actix_web::http::header::CONTENT_LANGUAGE;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Problem, language};
use uuid::Uuid;

/// Draw a project's calendar
///
/// The calendar of `get_project_calendar` as a Gantt chart, with its words in the language of the request: a title, a
/// description that tells the months of each activity, and a label beside each bar.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project.")),
    responses((status = 200, description = "The picture.", content_type = "image/svg+xml", body = concilia_kernel::extract::Upload,
        headers(("Content-Language" = String, description = "Language of the words.")))),
)]
#[get("/v1/projects/{project_id}/calendar/picture")]
pub async fn get_project_calendar_svg(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let calendar = calendar(&mut &**reader, &actor, id.0).await?;
    let rows = calendar.activities.iter();
    let rows = rows.map(|row| Row { number: row.number, title: &row.title, months: &row.months }).collect();
    let title = format!("{} {}", calendar.reference, calendar.title);
    let language = language::current().language;
    let picture = draw(&Chart { title, months: &calendar.months, rows }, language);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_LANGUAGE, language.tag()))
        .content_type("image/svg+xml")
        .body(picture))
}
