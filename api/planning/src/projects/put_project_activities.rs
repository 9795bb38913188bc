use super::activities::{Measure, replace_activities};
use super::detail::{ProjectDetail, load_detail};
use super::queries::touch;
use super::update_project::answered;
use super::visibility::{hold_for_lead, require_editable};
use crate::rules::month::Month;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path};
use concilia_kernel::{Actor, Db, Problem, checks};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// All the activities of a project, in their order.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"activities": [
    {"id": null, "title": "Servizi estivi sperimentali", "months": ["2020-06", "2020-07", "2020-08", "2020-09"],
     "targets": [{"year": 2020, "measure": "people", "expected": 120}]},
    {"id": null, "title": "Percorsi maggiordomi di comunità", "months": ["2020-07", "2020-08"], "targets": []}
]}))]
pub struct ProjectActivitiesInput {
    /// The activities; they are numbered 1, 2, 3 and so on as they stand.
    #[schema(min_items = 0, max_items = 99)]
    #[validate(length(max = 99), custom(function = "distinct_activities"), nested)]
    pub activities: Vec<ActivityInput>,
}

/// An activity of a project.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivityInput {
    /// Identifier of an activity that the project has already; null for a new one.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// What is done.
    #[schema(min_length = 1, max_length = 300, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 300), custom(function = "checks::line"))]
    pub title: String,
    /// Months in which it runs, each once, in any order.
    #[schema(value_type = std::collections::HashSet<Month>, min_items = 0, max_items = 120)]
    #[validate(length(max = 120), custom(function = "distinct_months"))]
    pub months: Vec<Month>,
    /// What it is expected to reach: a year and a measure, each pair once.
    #[serde(default)]
    #[schema(min_items = 0, max_items = 100)]
    #[validate(length(max = 100), custom(function = "distinct_targets"), nested)]
    pub targets: Vec<TargetInput>,
}

/// What an activity is expected to reach in a year.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetInput {
    /// The year.
    #[schema(format = Int32, minimum = 2000, maximum = 2099)]
    #[validate(range(min = 2000, max = 2099))]
    pub year: i16,
    /// What is counted.
    pub measure: Measure,
    /// How many.
    #[schema(format = Int32, minimum = 1, maximum = 10_000_000)]
    #[validate(range(min = 1, max = 10_000_000))]
    pub expected: i32,
}

fn distinct_activities(activities: &[ActivityInput]) -> Result<(), ValidationError> {
    let mut seen = HashSet::new();
    let mut known = activities.iter().filter_map(|activity| activity.id);
    if known.all(|id| seen.insert(id)) { Ok(()) } else { Err(ValidationError::new("duplicate")) }
}

fn distinct_months(months: &[Month]) -> Result<(), ValidationError> {
    checks::distinct(months)
}

fn distinct_targets(targets: &[TargetInput]) -> Result<(), ValidationError> {
    let mut seen = HashSet::new();
    let mut pairs = targets.iter().map(|target| (target.year, target.measure));
    if pairs.all(|pair| seen.insert(pair)) { Ok(()) } else { Err(ValidationError::new("duplicate")) }
}

/// Write the activities of a project
///
/// Replaces the activities of a draft, or of a project of which integrations are asked, with their months and targets.
/// An activity whose `id` is given is kept and changed; one that is left out is removed.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("If-Match" = String, Header, description = "Version the change starts from.")),
    request_body = ProjectActivitiesInput,
    responses((status = 200, description = "The changed project.", body = ProjectDetail,
                headers(("ETag" = String, description = "Version of the project."))),
              (status = 409, description = "The project can no longer be changed: `transition_not_allowed`.")),
)]
#[put("/v1/projects/{project_id}/activities")]
pub async fn put_project_activities(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Json<ProjectActivitiesInput>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let project = transaction(&mut conn, async |conn| {
        let held = hold_for_lead(conn, &actor, id.0).await?;
        seen.check(held.version)?;
        require_editable(&held)?;
        replace_activities(conn, actor.territory_id, held.id, &body.activities).await?;
        touch(conn, actor.territory_id, held.id).await?;
        load_detail(conn, actor.territory_id, held.id).await
    })
    .await?;
    Ok(answered(&project))
}
