use super::PartnerRole;
use super::queries::{find_present, leave};
use super::remove_project_partner::lead_stays;
use crate::projects::visibility::{hold_visible, speaks_for, wrong_state};
use crate::projects::{
    ProjectDetail, VersionReason, keep_project_version, load_detail, require_public_partner, touch,
};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::{Actor, Db, Problem, Role, checks, today};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Why a partner leaves.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "La cooperativa cessa l'attività nel territorio"}))]
pub struct LeaveProject {
    /// The reason, kept with the partner.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub reason: String,
}

/// Leave a project
///
/// A partner leaves, today, a project that has a grant and is not over: an act of its own officer, or of the lead's. It
/// stays on record with the reason, and what it was to put in counts no more. The project is kept as a new version. The
/// last local public body or territorial area of a private lead's alliance is substituted instead (422).
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("organisation_id" = Uuid, Path, description = "The partner."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = LeaveProject,
    responses((status = 200, description = "The project.", body = ProjectDetail,
                headers(("ETag" = String, description = "Version of the project."))),
              (status = 409, description = "It is the lead (`conflict`), or the project has no grant or is over \
                  (`transition_not_allowed`).")),
)]
#[post("/v1/projects/{project_id}/partners/{organisation_id}/leave")]
pub async fn leave_project(
    actor: Actor,
    db: Data<Db>,
    path: Path<(Uuid, Uuid)>,
    key: IdempotencyKey,
    body: Json<LeaveProject>,
) -> Result<HttpResponse, Problem> {
    let (project_id, organisation_id) = path.into_inner();
    let request =
        RequestIdentity::new(key, "leave_project", body.hash()).with_path(project_id).with_path(organisation_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let project = hold_visible(conn, &actor, project_id).await?;
        let leads = actor.holds(Role::AllianceLead, project.lead_organisation_id);
        if !leads && !speaks_for(&actor, organisation_id) {
            return Err(Problem::not_found());
        }
        let partner = find_present(conn, actor.territory_id, project_id, organisation_id).await?;
        if partner.role == PartnerRole::Lead {
            return Err(lead_stays());
        }
        if !project.state.is_under_award() {
            return Err(wrong_state(
                &project,
                "I partner lasciano un progetto finanziato e non concluso; questo è nello stato «{}».",
                "Partners leave a project that has a grant and is not over; this one is in state '{}'.",
            ));
        }
        let of = (actor.territory_id, project_id, organisation_id);
        leave(conn, of, today(), Some(&body.reason)).await?;
        touch(conn, actor.territory_id, project_id).await?;
        keep_project_version(conn, of.0, project_id, VersionReason::Partners, Some(actor.id)).await?;
        let left = json!({"organisation_id": organisation_id});
        publish(conn, of.0, "project.partner_left", project_id, left).await?;
        let detail = load_detail(conn, actor.territory_id, project_id).await?;
        require_public_partner(&detail.parts)?;
        Ok(Reply::ok(&detail)?.etag(etag_of(detail.version)))
    })
    .await
}
