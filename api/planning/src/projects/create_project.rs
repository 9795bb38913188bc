use super::content::ProjectContent;
use super::detail::{ProjectDetail, load_detail};
use super::queries::insert_draft;
use crate::project_calls::hold_project_call;
use crate::rules::project_state::{PROJECT, ProjectState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Db, Problem, Role, now};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A project to be drafted for a call.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "project_call_id": "0193a5d0-4444-7000-8000-000000000001",
    "lead_organisation_id": "0193a5d0-4444-7000-8000-000000000005",
    "content": {
        "title": "ALICE. Attivare leve, innescare circoli di energia", "alliance": "Alleanza locale Ambito di Cremona",
        "summary": "Servizi estivi sperimentali e maggiordomi di comunità.", "starts_on": "2020-06-01",
        "ends_on": "2021-08-31", "intervention_types": ["a", "b"], "open_alliance": true, "whp_link": false,
        "zone_plan_link": true
    }
}))]
pub struct CreateProject {
    /// The call that it is proposed to; cannot change later.
    pub project_call_id: Uuid,
    /// The organisation that answers for it, of which the caller is an alliance lead; cannot change later.
    pub lead_organisation_id: Uuid,
    /// What the lead writes of it.
    #[validate(nested)]
    pub content: ProjectContent,
}

/// Draft a project
///
/// Begins a project for an open call, with the lead alone in its alliance and nothing in its budget. It gets the next
/// reference of the call: the call's number, a point, and 1, 2, 3 and so on. Seen by its alliance and by the agency
/// until it is submitted.
#[utoipa::path(
    tag = "planning",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = CreateProject,
    responses((status = 201, description = "The draft.", body = ProjectDetail,
                headers(("Location" = String, description = "Address of the project."),
                        ("ETag" = String, description = "Version of the project."))),
              (status = 409, description = "The call takes no projects now: `call_not_open`.")),
)]
#[post("/v1/projects")]
pub async fn create_project(
    actor: Actor,
    db: Data<Db>,
    key: IdempotencyKey,
    body: Json<CreateProject>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_project", body.hash());
    let input = body.into_inner();
    input.content.check_together()?;
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let unknown = || Problem::invalid("/project_call_id", "not_found");
        actor
            .require(Role::AllianceLead, input.lead_organisation_id)
            .map_err(|_| Problem::invalid("/lead_organisation_id", "not_found"))?;
        let call =
            hold_project_call(conn, actor.territory_id, input.project_call_id).await?.ok_or_else(unknown)?;
        call.published_at.ok_or_else(unknown)?;
        call.require_open(now())?;
        let by = (actor.territory_id, actor.id);
        let id =
            insert_draft(conn, by, (call.id, call.number), input.lead_organisation_id, &input.content).await?;
        let begun = (None, ProjectState::Draft.as_str());
        let agent = Agent::of(&actor, Role::AllianceLead);
        record(conn, actor.territory_id, (PROJECT.aggregate, id), begun, agent, None).await?;
        let project = load_detail(conn, actor.territory_id, id).await?;
        Ok(Reply::created(format!("/v1/projects/{id}"), &project)?.etag(etag_of(project.version)))
    })
    .await
}
