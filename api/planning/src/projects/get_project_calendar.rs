use super::activities::project_activities;
use super::summary::{ProjectSummary, find_project};
use super::visibility::require_visible;
use crate::rules::month::Month;
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Problem};
use diesel::pg::Pg;
use diesel_async::AsyncConnectionCore;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// When the activities of a project run, month by month.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectCalendar {
    /// The project.
    pub project_id: Uuid,
    /// Its reference.
    #[schema(min_length = 1, max_length = 40, example = "2.5")]
    pub reference: String,
    /// What it is called.
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// The months of the project, in order.
    #[schema(min_items = 0, max_items = 1200)]
    pub months: Vec<Month>,
    /// One row for each activity, by number.
    #[schema(min_items = 0, max_items = 99)]
    pub activities: Vec<CalendarRow>,
}

/// An activity in the calendar.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarRow {
    /// Its number in the project.
    #[schema(format = Int32, minimum = 1, maximum = 99)]
    pub number: i16,
    /// What is done.
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// Months in which it runs, in order.
    #[schema(min_items = 0, max_items = 120)]
    pub months: Vec<Month>,
}

/// Get a project's calendar
///
/// The months of the project, and those in which each activity runs. `get_project_calendar_svg` draws them.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project.")),
    responses((status = 200, description = "The calendar.", body = ProjectCalendar)),
)]
#[get("/v1/projects/{project_id}/calendar")]
pub async fn get_project_calendar(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
) -> Result<web::Json<ProjectCalendar>, Problem> {
    let reader = db.reader().await?;
    Ok(web::Json(calendar(&mut &**reader, &actor, id.0).await?))
}

/// The calendar of a project that the caller may know of.
pub(super) async fn calendar<C>(conn: &mut C, actor: &Actor, project_id: Uuid) -> Result<ProjectCalendar, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    require_visible(conn, actor, project_id).await?;
    let found: Option<ProjectSummary> = find_project(conn, actor.territory_id, project_id).await?;
    let project = found.ok_or_else(Problem::not_found)?;
    let activities = project_activities(conn, actor.territory_id, &[project_id]).await?;
    Ok(ProjectCalendar {
        project_id,
        reference: project.reference,
        title: project.title,
        months: Month::between(project.starts_on, project.ends_on),
        activities: activities
            .into_iter()
            .map(|activity| CalendarRow {
                number: activity.number,
                title: activity.title,
                months: activity.months.into_iter().map(Month::of).collect(),
            })
            .collect(),
    })
}
