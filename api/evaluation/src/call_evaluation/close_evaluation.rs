use super::{EvaluationSummary, is_closed, queries};
use crate::conflicts::log_recusals;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::problem::{FieldError, Problem};
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Db, Role, checks};
use concilia_planning::{ProjectCallState, ProjectState, hold_project_call, list_call_projects};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// How the scoring of a call is closed.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"accept_incomplete": null}))]
pub struct CloseEvaluation {
    /// Why it is closed although scorecards are missing; null to close it only if none is.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub accept_incomplete: Option<String>,
}

/// Most references named in a refusal.
const NAMED: i64 = 20;

/// Close the evaluation of a call
///
/// Ends the scoring: cards no longer change, and evaluators see each other's. Every project submitted must have been
/// found admissible or not, and every admissible one scored by each seat of the committee that is not in conflict of
/// interest; what is missing may be accepted with a reason.
#[utoipa::path(
    tag = "evaluation",
    params(("project_call_id" = Uuid, Path, description = "The call."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = CloseEvaluation,
    responses((status = 200, description = "The closed evaluation.", body = EvaluationSummary),
              (status = 409, description = "The call is not being evaluated, its scoring is closed already, projects \
                                            wait to be found admissible, or scorecards are missing: `conflict`.")),
)]
#[post("/v1/project-calls/{project_call_id}/close-evaluation")]
pub async fn close_evaluation(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<CloseEvaluation>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "close_evaluation", body.hash()).with_path(id.0);
    let reason = body.accept_incomplete.as_deref().map(|reason| reason.trim_matches(' '));
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let territory_id = actor.territory_id;
        let call = hold_project_call(conn, territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        if call.state != ProjectCallState::Evaluating {
            return Err(Problem::new(Code::Conflict).explain(
                format!("L'avviso, nello stato «{}», non è in valutazione.", call.state),
                format!("The call, in state '{}', is not being evaluated.", call.state),
            ));
        }
        if is_closed(conn, territory_id, call.id).await? {
            return Err(Problem::new(Code::Conflict)
                .explain("La valutazione è già chiusa.", "The evaluation is closed already."));
        }
        log_recusals(conn, territory_id, call.id).await?;
        require_decided(conn, territory_id, call.id).await?;
        let incomplete = queries::incomplete(conn, territory_id, call.id, NAMED).await?;
        if !incomplete.is_empty() && reason.is_none() {
            return Err(refusal(
                ("Mancano schede dei valutatori per i progetti", "Scorecards are missing for the projects"),
                &incomplete,
            )
            .with_error(FieldError::pointer("/accept_incomplete", "required")));
        }
        let reason = reason.filter(|_| !incomplete.is_empty());
        queries::close(conn, territory_id, call.id, reason, actor.id).await?;
        let agent = Agent::of(&actor, Role::Ats);
        record(conn, territory_id, ("evaluation", call.id), (Some("open"), "closed"), agent, reason).await?;
        publish(conn, territory_id, "evaluation.closed", call.id, json!({})).await?;
        Reply::ok(&queries::summary(conn, territory_id, call.id).await?)
    })
    .await
}

/// No project of the call waits for the agency, or for its alliance's integrations.
async fn require_decided(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_call_id: Uuid,
) -> Result<(), Problem> {
    let undecided = [ProjectState::Submitted, ProjectState::IntegrationRequested];
    let waiting = list_call_projects(conn, territory_id, project_call_id, &undecided).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let references: Vec<String> = waiting.into_iter().map(|project| project.reference).collect();
    Err(refusal(
        ("L'ammissibilità non è decisa per i progetti", "Admissibility is not decided for the projects"),
        &references,
    ))
}

fn refusal((it, en): (&str, &str), references: &[String]) -> Problem {
    let named = references.iter().take(NAMED.unsigned_abs() as usize).cloned().collect::<Vec<_>>().join(", ");
    Problem::new(Code::Conflict).explain(format!("{it}: {named}."), format!("{en}: {named}."))
}
