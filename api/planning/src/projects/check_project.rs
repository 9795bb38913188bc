use super::detail::load_detail;
use super::parts::ProjectParts;
use super::visibility::require_visible;
use crate::plans::find_plan;
use crate::project_calls::find_project_call;
use crate::rules::check::{CallTerms, Finding, ProjectRule, Relation, check};
use crate::rules::project_state::ProjectState;
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::extract::Path;
use concilia_kernel::language::{self, Language};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem};
use diesel::pg::Pg;
use diesel_async::AsyncConnectionCore;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How a project stands with every rule of its submission.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectCheck {
    /// The project.
    pub project_id: Uuid,
    /// Where it stands.
    pub state: ProjectState,
    /// Whether every rule is respected.
    pub passes: bool,
    /// The rules, in a fixed order: one entry where the rule is respected, else one for each place where it is not.
    #[schema(min_items = 1, max_items = 20_000)]
    pub rules: Vec<CheckedRule>,
}

/// A rule as it stands in one place.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckedRule {
    /// The rule.
    pub rule: ProjectRule,
    /// Whether it is respected.
    pub ok: bool,
    /// The rule in the caller's language.
    #[schema(min_length = 1, max_length = 500)]
    pub detail: String,
    /// How what is found must compare with what is expected.
    pub relation: Relation,
    /// What is expected: an amount in EUR, a day, or the values admitted.
    #[schema(max_length = 255, example = "17142.85")]
    pub expected: String,
    /// What is found.
    #[schema(max_length = 255, example = "17142.84")]
    pub found: String,
    /// JSON Pointer (RFC 6901) into the project as `get_project` answers it.
    #[schema(max_length = 255, pattern = "^(/[a-z0-9_]+)*$", example = "/budget/cofinancing")]
    pub pointer: String,
}

impl From<Finding> for CheckedRule {
    fn from(finding: Finding) -> Self {
        let text = finding.rule.text();
        let detail = match language::current().language {
            Language::Italian => text.it,
            Language::English => text.en,
        };
        let Finding { rule, ok, relation, expected, found, pointer } = finding;
        Self { rule, ok, detail, relation, expected, found, pointer }
    }
}

/// Check a project
///
/// Every rule that a project must respect to be submitted, with what was expected, what was found and where; the same
/// rules block `submit_project`. After submission it tells what has changed since, such as a partner that has left the
/// network. Rules that the call sets are left out for a project entered as already running.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project.")),
    responses((status = 200, description = "The rules.", body = ProjectCheck)),
)]
#[get("/v1/projects/{project_id}/check")]
pub async fn check_project(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
) -> Result<web::Json<ProjectCheck>, Problem> {
    let reader = db.reader().await?;
    require_visible(&mut &**reader, &actor, id.0).await?;
    let project = load_detail(&mut &**reader, actor.territory_id, id.0).await?;
    let terms = match project.project_call_id {
        Some(call_id) => Some(terms_of(&mut &**reader, actor.territory_id, call_id).await?),
        None => None,
    };
    let findings = check(&project.parts.facts(), terms.as_ref());
    Ok(web::Json(ProjectCheck {
        project_id: project.id,
        state: project.state,
        passes: findings.iter().all(|finding| finding.ok),
        rules: findings.into_iter().map(CheckedRule::from).collect(),
    }))
}

/// What the call asks of its projects.
async fn terms_of<C>(connection: &mut C, territory_id: Uuid, call_id: Uuid) -> Result<CallTerms, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let call = find_project_call(connection, territory_id, call_id).await?.ok_or_else(Problem::not_found)?;
    let plan = find_plan(connection, territory_id, call.plan_id).await?.ok_or_else(Problem::not_found)?;
    Ok(CallTerms::of(&call, &plan))
}

/// Refuses with 422, rule by rule, what may not be submitted.
pub(super) fn require_passing(parts: &ProjectParts, terms: &CallTerms) -> Result<(), Problem> {
    refuse(check(&parts.facts(), Some(terms)))
}

/// Refuses with 422 an alliance in which somebody has not signed the mandate to the lead: who came with a project that was
/// absorbed has none yet.
pub(super) fn require_mandates(parts: &ProjectParts) -> Result<(), Problem> {
    require(parts, ProjectRule::MandatesSigned)
}

/// Refuses with 422 an alliance of a private lead in which no local public body or territorial area is left.
pub(crate) fn require_public_partner(parts: &ProjectParts) -> Result<(), Problem> {
    require(parts, ProjectRule::PrivateLeadHasPublicPartner)
}

fn require(parts: &ProjectParts, rule: ProjectRule) -> Result<(), Problem> {
    let mut findings = check(&parts.facts(), None);
    findings.retain(|finding| finding.rule == rule);
    refuse(findings)
}

fn refuse(findings: Vec<Finding>) -> Result<(), Problem> {
    let errors: Vec<FieldError> = findings
        .into_iter()
        .filter(|finding| !finding.ok)
        .map(|fault| {
            FieldError::pointer(fault.pointer.as_str(), fault.rule.as_str())
                .explain(&fault.explanation())
                .value(fault.found.as_str())
        })
        // As many as a problem lists; the others show once these are mended.
        .take(1000)
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::ValidationFailed).with_errors(errors)) }
}
