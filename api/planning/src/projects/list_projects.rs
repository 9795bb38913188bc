use super::project::{Project, load_projects};
use super::visibility::{Selection, list_visible};
use crate::rules::intervention_type::InterventionType;
use crate::rules::project_state::ProjectState;
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::Query;
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Actor, Db, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// Which projects to list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListProjects {
    /// Only the projects of this call.
    pub project_call_id: Option<Uuid>,
    /// Only the projects in this state.
    pub state: Option<ProjectState>,
    /// Only the projects that name this type of intervention.
    pub intervention_type: Option<InterventionType>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List projects
///
/// The projects that the caller may know of, by reference: the agency's officers all; officers of an organisation those
/// that it leads or joins, or joined once; members of the committee those that were submitted, but for what an
/// organisation of theirs leads or joins.
#[utoipa::path(
    tag = "planning",
    params(ListProjects),
    responses((status = 200, description = "A page of projects.", body = Page<Project>)),
)]
#[get("/v1/projects")]
pub async fn list_projects(
    actor: Actor,
    db: Data<Db>,
    query: Query<ListProjects>,
) -> Result<web::Json<Page<Project>>, Problem> {
    let limit = limit_or_default(query.limit);
    let selection = Selection {
        project_call_id: query.project_call_id,
        state: query.state,
        intervention_type: query.intervention_type,
        after: decode_cursor(query.cursor.as_deref())?,
        limit,
    };
    let reader = db.reader().await?;
    let ids = list_visible(&mut &**reader, &actor, selection).await?;
    let projects = load_projects(&mut &**reader, actor.territory_id, &ids).await?;
    Ok(web::Json(page(projects, limit, |project| project.reference.clone())))
}
