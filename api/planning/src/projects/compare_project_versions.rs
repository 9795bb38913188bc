use super::detail::load_detail;
use super::versions;
use super::visibility::require_visible;
use crate::rules::changes::{self, Change, ChangeKind};
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::{Actor, Db, FieldError, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

/// Which versions to compare.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CompareProjectVersions {
    /// Number of the version to start from.
    #[validate(range(min = 1, max = 10_000))]
    #[param(minimum = 1, maximum = 10_000, format = Int32, example = 1)]
    pub from: i32,
    /// Number of the version to compare with it; the project as it is now unless told.
    #[validate(range(min = 1, max = 10_000))]
    #[param(minimum = 1, maximum = 10_000, format = Int32, example = 2)]
    pub to: Option<i32>,
}

/// What differs between two versions of a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectComparison {
    /// The version compared from.
    #[schema(format = Int32, minimum = 1, maximum = 10_000)]
    pub from: i32,
    /// The version compared with it; null for the project as it is now.
    #[schema(required, format = Int32, minimum = 1, maximum = 10_000)]
    pub to: Option<i32>,
    /// The differences, in the order of the project; none when they are equal.
    #[schema(min_items = 0, max_items = 20_000)]
    pub changes: Vec<ProjectChange>,
}

/// One difference. A value that is no text is written as JSON.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectChange {
    /// What happened.
    pub kind: ChangeKind,
    /// JSON Pointer (RFC 6901) into the version compared with; into the one compared from for what was removed.
    #[schema(max_length = 255, pattern = "^(/[a-z0-9_]+)+$", example = "/budget/requested_grant")]
    pub pointer: String,
    /// Name of the partner, or title of the activity, that it is about.
    #[schema(required, min_length = 1, max_length = 300)]
    pub subject: Option<String>,
    /// The value in the version compared from; null where there was none.
    #[schema(required, max_length = 100_000)]
    pub before: Option<String>,
    /// The value in the version compared with; null where there is none.
    #[schema(required, max_length = 100_000)]
    pub after: Option<String>,
}

impl From<Change> for ProjectChange {
    fn from(change: Change) -> Self {
        let text = |value: Option<Value>| match value? {
            Value::Null => None,
            Value::String(text) => Some(text),
            other => Some(other.to_string()),
        };
        Self {
            kind: change.kind,
            pointer: change.pointer,
            subject: change.subject,
            before: text(change.before),
            after: text(change.after),
        }
    }
}

/// Compare two versions of a project
///
/// What was added, removed or changed from one version to another, or to the project as it is now. Partners are
/// matched by organisation and activities by identifier, so a change of order is none.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."), CompareProjectVersions),
    responses((status = 200, description = "The differences.", body = ProjectComparison)),
)]
#[get("/v1/projects/{project_id}/changes")]
pub async fn compare_project_versions(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    query: Query<CompareProjectVersions>,
) -> Result<web::Json<ProjectComparison>, Problem> {
    let reader = db.reader().await?;
    require_visible(&mut &**reader, &actor, id.0).await?;
    let numbers: Vec<i32> = [Some(query.from), query.to].into_iter().flatten().collect();
    let found = versions::find(&mut &**reader, (actor.territory_id, id.0), &numbers).await?;
    let version = |number: i32, parameter: &'static str| {
        let found = found.iter().find(|(version, _)| version.number == number);
        found
            .map(|(_, snapshot)| snapshot.clone())
            .ok_or_else(|| Problem::not_found().with_error(FieldError::parameter(parameter, "not_found")))
    };
    let before = version(query.from, "from")?;
    let after = if let Some(number) = query.to {
        version(number, "to")?
    } else {
        let project = load_detail(&mut &**reader, actor.territory_id, id.0).await?;
        serde_json::to_value(project.parts).map_err(Problem::internal)?
    };
    let changes = changes::between(&before, &after).into_iter().map(ProjectChange::from).collect();
    Ok(web::Json(ProjectComparison { from: query.from, to: query.to, changes }))
}
