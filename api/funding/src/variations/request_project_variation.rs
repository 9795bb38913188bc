use super::variation::{ProjectVariation, announce};
use crate::budget::{ExecutiveBudgetInput, checked};
use crate::grant::{HeldGrant, hold_grant};
use crate::rules::states::ProjectVariationState;
use crate::schema::project_variations;
use crate::stance::{Author, require_lead};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::problem::Text;
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, checks, new_id, now};
use concilia_planning::{
    PROJECT, ProjectState, move_project, partner_organisations, require_duration, require_plan_years,
};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What is to change.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Proroga per completare i percorsi di formazione", "ends_on": "2027-12-31"}))]
pub struct RequestProjectVariation {
    /// What is to change, and why.
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 4000), custom(function = "checks::text"))]
    pub reason: String,
    /// The whole budget as it is to be; left out where it stays. It or `ends_on` is needed.
    #[serde(default)]
    #[validate(nested)]
    pub budget: Option<ExecutiveBudgetInput>,
    /// The new last day, not before the present one, within 120 calendar months of the first and within the years of the
    /// plan; left out where it stays.
    #[serde(default)]
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::day_of_the_century"))]
    pub ends_on: Option<NaiveDate>,
}

/// Request a variation of a project
///
/// By an officer of the lead, while the project runs: another budget, a later end, or both. The project becomes
/// `variation` until the agency decides; it goes on meanwhile.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = RequestProjectVariation,
    responses((status = 201, description = "The request.", body = ProjectVariation,
                headers(("ETag" = String, description = "Version of the request."))),
              (status = 409, description = "The project is not `running`: `transition_not_allowed`.")),
)]
#[post("/v1/projects/{project_id}/variations")]
pub async fn request_project_variation(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<RequestProjectVariation>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "request_project_variation", body.hash()).with_path(*project_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let held = hold_grant(conn, actor.territory_id, *project_id).await?;
        let author = require_lead(&actor, &held.project)?;
        let variation = ask(conn, actor.territory_id, &held, &body, author).await?;
        let location = format!("/v1/projects/{}/variations", held.project.id);
        Ok(Reply::created(location, &variation)?.etag(etag_of(variation.version)))
    })
    .await
}

/// Asks for a variation of a project whose grant the transaction holds.
pub(crate) async fn ask(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    HeldGrant { grant, project }: &HeldGrant,
    asked: &RequestProjectVariation,
    author: Author,
) -> Result<ProjectVariation, Problem> {
    PROJECT.check(project.state, ProjectState::Variation)?;
    if asked.budget.is_none() && asked.ends_on.is_none() {
        let text = Text::new("serve il nuovo bilancio o la nuova fine", "the new budget or the new end is needed");
        let error = FieldError::pointer("/budget", "required").explain(&text);
        return Err(Problem::new(Code::ValidationFailed).with_error(error));
    }
    if let Some(ends_on) = asked.ends_on {
        if ends_on < project.ends_on {
            return Err(Problem::invalid("/ends_on", "date_order"));
        }
        require_duration((project.starts_on, ends_on), "/ends_on")?;
        require_plan_years(conn, project, ends_on, "/ends_on").await?;
    }
    // The plan's row before the project's, as those do who tie the plan's actions to projects.
    let varied = (ProjectState::Running, ProjectState::Variation);
    let first_line = asked.reason.lines().next().map(|line| line.chars().take(1000).collect::<String>());
    move_project(conn, territory_id, project.id, varied, author.agent(), first_line.as_deref()).await?;
    if let Some(budget) = &asked.budget {
        let partners = partner_organisations(conn, territory_id, &[project.id]).await?;
        checked(budget, grant, &partners, "/budget")?;
    }
    let proposal = asked.budget.as_ref().map(serde_json::to_value).transpose().map_err(Problem::internal)?;
    let made: ProjectVariation = diesel::insert_into(project_variations::table)
        .values((
            project_variations::id.eq(new_id()),
            project_variations::territory_id.eq(territory_id),
            project_variations::project_id.eq(project.id),
            project_variations::reason.eq(&asked.reason),
            project_variations::proposal.eq(proposal),
            project_variations::ends_on.eq(asked.ends_on),
            project_variations::state.eq(ProjectVariationState::Requested),
            project_variations::requested_by.eq(author.id),
            project_variations::requested_at.eq(now()),
        ))
        .returning(ProjectVariation::as_returning())
        .get_result(conn)
        .await?;
    announce(conn, territory_id, &made, None, author, None).await?;
    Ok(made)
}
