use super::PartnerRole;
use super::input::require_no_second_lead;
use super::queries::{Joining, join, require_joinable};
use crate::projects::visibility::{hold_for_lead, wrong_state};
use crate::projects::{ProjectDetail, ProjectSummary, VersionReason, keep_project_version, load_detail, touch};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::{Actor, Db, Problem, checks, today};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// An organisation that joins an alliance.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "organisation_id": "0193a5d0-4444-7000-8000-000000000006", "role": "implementing", "mandate_on": "2020-05-20"
}))]
pub struct AddProjectPartner {
    /// The organisation.
    pub organisation_id: Uuid,
    /// What it does in the project; not `lead`, who drafted it.
    pub role: PartnerRole,
    /// Day, not in the future, on which it signed its mandate to the lead; null for later, which a project under way
    /// does not admit.
    #[serde(default)]
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::past_day"))]
    pub mandate_on: Option<NaiveDate>,
}

/// Add a partner to a project
///
/// The lead adds an organisation to a draft, or to a project of which integrations are asked; and, if the alliance is
/// open, to one that is under way: then it must be a member of the network with a signed mandate, joins today, and the
/// project is kept as a new version.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = AddProjectPartner,
    responses((status = 201, description = "The project with its new partner.", body = ProjectDetail,
                headers(("Location" = String, description = "Address of the project."),
                        ("ETag" = String, description = "Version of the project."))),
              (status = 409, description = "The organisation takes part already (`already_exists`), or the project's \
                  state or closed alliance forbids it (`transition_not_allowed`).")),
)]
#[post("/v1/projects/{project_id}/partners")]
pub async fn add_project_partner(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<AddProjectPartner>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "add_project_partner", body.hash()).with_path(id.0);
    require_no_second_lead(body.role)?;
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let project = hold_for_lead(conn, &actor, id.0).await?;
        let under_way = require_open_to_partners(&project)?;
        if under_way && body.mandate_on.is_none() {
            return Err(Problem::invalid("/mandate_on", "required"));
        }
        let of = (actor.territory_id, project.id);
        require_joinable(conn, of, body.organisation_id, under_way).await?;
        let joining = Joining {
            organisation_id: body.organisation_id,
            role: body.role,
            mandate_on: body.mandate_on,
            joined_on: under_way.then(today),
            substitutes: None,
        };
        join(conn, of, joining).await?;
        touch(conn, actor.territory_id, project.id).await?;
        if under_way {
            keep_project_version(conn, of.0, project.id, VersionReason::Partners, Some(actor.id)).await?;
            let joined = json!({"organisation_id": body.organisation_id});
            publish(conn, of.0, "project.partner_joined", project.id, joined).await?;
        }
        let detail = load_detail(conn, actor.territory_id, project.id).await?;
        Ok(Reply::created(format!("/v1/projects/{}", project.id), &detail)?.etag(etag_of(detail.version)))
    })
    .await
}

/// Whether the project is under way; refused when it may not gain partners.
fn require_open_to_partners(project: &ProjectSummary) -> Result<bool, Problem> {
    if project.state.is_editable() {
        return Ok(false);
    }
    if project.state.is_running() && project.open_alliance {
        return Ok(true);
    }
    Err(wrong_state(
        project,
        "Nello stato «{}» entrano nuovi partner solo in un'alleanza aperta e a progetto in corso.",
        "In state '{}' partners join only an open alliance whose project is under way.",
    ))
}
