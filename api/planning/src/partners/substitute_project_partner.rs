use super::queries::{Joining, join, leave, pass_line, require_joinable};
use super::remove_project_partner::lead_stays;
use super::{PartnerRole, partner_organisations};
use crate::projects::visibility::{hold_for_lead, wrong_state};
use crate::projects::{
    ProjectDetail, VersionReason, keep_project_version, load_detail, require_public_partner, touch,
};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::{Actor, Code, Db, Problem, checks, today};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Who takes a partner's place, and why.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "organisation_id": "0193a5d0-4444-7000-8000-000000000007", "mandate_on": "2020-11-10",
    "reason": "La cooperativa cessa l'attività nel territorio"
}))]
pub struct SubstituteProjectPartner {
    /// The organisation that takes its place: a member of the network that does not take part yet.
    pub organisation_id: Uuid,
    /// Day, not in the future, on which it signed its mandate to the lead.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::past_day"))]
    pub mandate_on: NaiveDate,
    /// Why the partner is substituted, kept with it; for one that left before, the reason it left for is kept.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub reason: String,
}

/// Substitute a partner of a project
///
/// In a project that has a grant and is not over, an organisation takes today the place of a partner, in its role: one
/// that takes part and leaves by this, or one that left before and has not been substituted. The co-financing line
/// passes to it, to be signed off anew; the partner that left stays on record. The project is kept as a new version. An
/// act of the lead.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("organisation_id" = Uuid, Path, description = "The partner that is substituted."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = SubstituteProjectPartner,
    responses((status = 200, description = "The project.", body = ProjectDetail,
                headers(("ETag" = String, description = "Version of the project."))),
              (status = 409, description = "It is the lead, or was substituted before (`conflict`); the substitute takes \
                  part already (`already_exists`); the project has no grant or is over (`transition_not_allowed`).")),
)]
#[post("/v1/projects/{project_id}/partners/{organisation_id}/substitute")]
pub async fn substitute_project_partner(
    actor: Actor,
    db: Data<Db>,
    path: Path<(Uuid, Uuid)>,
    key: IdempotencyKey,
    body: Json<SubstituteProjectPartner>,
) -> Result<HttpResponse, Problem> {
    let (project_id, organisation_id) = path.into_inner();
    let request = RequestIdentity::new(key, "substitute_project_partner", body.hash())
        .with_path(project_id)
        .with_path(organisation_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let project = hold_for_lead(conn, &actor, project_id).await?;
        if !project.state.is_under_award() {
            return Err(wrong_state(
                &project,
                "I partner si sostituiscono in un progetto finanziato e non concluso; questo è nello stato «{}».",
                "Partners are substituted in a project that has a grant and is not over; this one is in state '{}'.",
            ));
        }
        substitute(conn, &actor, project_id, organisation_id, &body).await?;
        touch(conn, actor.territory_id, project_id).await?;
        let kept = VersionReason::Partners;
        keep_project_version(conn, actor.territory_id, project_id, kept, Some(actor.id)).await?;
        let told = json!({"organisation_id": organisation_id, "substitute_id": body.organisation_id});
        publish(conn, actor.territory_id, "project.partner_substituted", project_id, told).await?;
        let detail = load_detail(conn, actor.territory_id, project_id).await?;
        require_public_partner(&detail.parts)?;
        Ok(Reply::ok(&detail)?.etag(etag_of(detail.version)))
    })
    .await
}

async fn substitute(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    project_id: Uuid,
    organisation_id: Uuid,
    input: &SubstituteProjectPartner,
) -> Result<(), Problem> {
    let of = (actor.territory_id, project_id);
    let partners = partner_organisations(conn, of.0, &[project_id]).await?;
    let partner = partners
        .iter()
        .find(|partner| partner.organisation_id == organisation_id && !partner.was_taken_out())
        .ok_or_else(Problem::not_found)?;
    if partner.role == PartnerRole::Lead {
        return Err(lead_stays());
    }
    if partners.iter().any(|other| other.substitutes == Some(organisation_id)) {
        return Err(Problem::new(Code::Conflict)
            .explain("Il partner è già stato sostituito.", "The partner has been substituted already."));
    }
    require_joinable(conn, of, input.organisation_id, true).await?;
    let today = today();
    if partner.left_on.is_none() {
        leave(conn, (of.0, of.1, organisation_id), today, Some(&input.reason)).await?;
    }
    let joining = Joining {
        organisation_id: input.organisation_id,
        role: partner.role,
        mandate_on: Some(input.mandate_on),
        joined_on: Some(today),
        substitutes: Some(organisation_id),
    };
    join(conn, of, joining).await?;
    pass_line(conn, of, organisation_id, input.organisation_id).await?;
    Ok(())
}
