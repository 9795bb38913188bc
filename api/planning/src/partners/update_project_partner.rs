use super::input::require_no_second_lead;
use super::queries::{find_present, update};
use super::{PartnerOrganisation, PartnerRole};
use crate::projects::visibility::{hold_for_lead, require_editable};
use crate::projects::{
    ProjectDetail, ProjectSummary, VersionReason, answered, keep_project_version, load_detail, touch,
};
use crate::rules::project_state::ProjectState;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use chrono::NaiveDate;
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path};
use concilia_kernel::{Actor, Db, Problem, checks};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What a partner does in a project, and its mandate.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "institutional", "mandate_on": "2020-05-20"}))]
pub struct UpdateProjectPartner {
    /// What it does in the project; not `lead`.
    pub role: PartnerRole,
    /// Day, not in the future, on which it signed its mandate to the lead; null while it has not.
    #[serde(default)]
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::past_day"))]
    pub mandate_on: Option<NaiveDate>,
}

/// Change a partner of a project
///
/// The lead changes a partner's role, or records the day of its mandate, in a draft, or in a project of which
/// integrations are asked. Of a partner that came with an absorbed project it records the mandate also while the project
/// is submitted or admissible: the role stays, and the project is kept as a new version.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("organisation_id" = Uuid, Path, description = "The partner."),
           ("If-Match" = String, Header, description = "Version of the project the change starts from.")),
    request_body = UpdateProjectPartner,
    responses((status = 200, description = "The changed project.", body = ProjectDetail,
                headers(("ETag" = String, description = "Version of the project."))),
              (status = 409, description = "The project can no longer be changed: `transition_not_allowed`.")),
)]
#[put("/v1/projects/{project_id}/partners/{organisation_id}")]
pub async fn update_project_partner(
    actor: Actor,
    db: Data<Db>,
    path: Path<(Uuid, Uuid)>,
    seen: IfMatch,
    body: Json<UpdateProjectPartner>,
) -> Result<HttpResponse, Problem> {
    let (project_id, organisation_id) = path.into_inner();
    require_no_second_lead(body.role)?;
    let mut conn = db.conn().await?;
    let project = transaction(&mut conn, async |conn| {
        let held = hold_for_lead(conn, &actor, project_id).await?;
        let partner = find_present(conn, actor.territory_id, project_id, organisation_id).await?;
        if partner.role == PartnerRole::Lead {
            return Err(Problem::invalid("/role", "immutable"));
        }
        seen.check(held.version)?;
        let late = is_late_mandate(&held, &partner, &body);
        if !late {
            require_editable(&held)?;
        }
        let of = (actor.territory_id, project_id, organisation_id);
        update(conn, of, body.role, body.mandate_on).await?;
        touch(conn, actor.territory_id, project_id).await?;
        if late {
            keep_project_version(conn, of.0, project_id, VersionReason::Partners, Some(actor.id)).await?;
        }
        load_detail(conn, actor.territory_id, project_id).await
    })
    .await?;
    Ok(answered(&project))
}

/// Whether it only records a mandate that a proposal still lacks, since its partner came with another that was absorbed.
fn is_late_mandate(
    project: &ProjectSummary,
    partner: &PartnerOrganisation,
    change: &UpdateProjectPartner,
) -> bool {
    matches!(project.state, ProjectState::Submitted | ProjectState::Admissible)
        && partner.mandate_on.is_none()
        && change.mandate_on.is_some()
        && change.role == partner.role
}
