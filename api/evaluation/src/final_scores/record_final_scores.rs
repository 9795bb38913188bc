use super::queries::{self, Decision, NewScore};
use crate::call_evaluation::is_closed;
use crate::conflicts::log_recusals;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::problem::{FieldError, Problem, Text};
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Code, Db, Role, checks};
use concilia_planning::{
    Points, ProjectCall, ProjectCallState, ProjectMove, ProjectState, hold_project_call, list_call_projects,
    move_projects,
};
use diesel_async::AsyncPgConnection;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// A decision of the committee on final scores.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "minutes": {"act": "Verbale n. 2", "date": "2020-06-10"}, "meeting_id": null, "correction_reason": null,
    "scores": [{"project_id": "0193a5d0-4444-7000-8000-000000000009", "score": "57.00", "corrects": null}]
}))]
pub struct RecordFinalScores {
    /// The minutes in which it is written.
    #[validate(nested)]
    pub minutes: MinutesInput,
    /// Meeting of the committee, where it is recorded here: one that was held with its quorum, and whose minutes are
    /// validated.
    #[serde(default)]
    pub meeting_id: Option<Uuid>,
    /// Why scores are corrected; required if one is, and kept with those only.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub correction_reason: Option<String>,
    /// Scores of projects of the call, each once.
    #[schema(min_items = 1, max_items = 2000)]
    #[validate(length(min = 1, max = 2000), custom(function = "distinct_projects"), nested)]
    pub scores: Vec<FinalScoreInput>,
}

/// The minutes in which a decision is written, as they are entered.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MinutesInput {
    /// Number of the minutes, or of the act that adopts them.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$",
        example = "Verbale n. 2"
    )]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub act: String,
    /// Date of the minutes; not in the future, and not before the meeting that is named.
    #[schema(pattern = r"^20\d{2}-", example = "2020-06-10")]
    #[validate(custom(function = "checks::past_day"))]
    pub date: NaiveDate,
}

/// A project's final score, as it is entered.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinalScoreInput {
    /// Project of the call, admissible, or scored and not yet funded.
    pub project_id: Uuid,
    /// Points, from zero to the sum of the grid's maxima.
    pub score: Points,
    /// Number of the score that this one corrects, the project's last; null for a first score.
    #[serde(default)]
    #[schema(format = Int32, minimum = 1, maximum = 32_766)]
    #[validate(range(min = 1, max = 32_766))]
    pub corrects: Option<i16>,
}

fn distinct_projects(scores: &[FinalScoreInput]) -> Result<(), ValidationError> {
    checks::distinct(&scores.iter().map(|score| score.project_id).collect::<Vec<_>>())
}

/// What was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"project_call_id": "0193a5d0-4444-7000-8000-000000000001", "scored": 7, "corrected": 0}))]
pub struct RecordedScores {
    /// Call.
    pub project_call_id: Uuid,
    /// Projects that got their first score.
    #[schema(format = Int32, minimum = 0, maximum = 2000)]
    pub scored: i32,
    /// Projects whose score was corrected.
    #[schema(format = Int32, minimum = 0, maximum = 2000)]
    pub corrected: i32,
}

/// Record final scores
///
/// Writes the committee's final scores of projects of a call whose scoring is closed, with the minutes. A project becomes
/// scored by its first one. No score is written of a project on which the last motion that the committee decided, in any of
/// the meetings recorded here, was rejected. Scores are never changed: a correction, with its reason, follows the one it
/// corrects.
#[utoipa::path(
    tag = "evaluation",
    params(("project_call_id" = Uuid, Path, description = "The call."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = RecordFinalScores,
    responses((status = 200, description = "How many were recorded.", body = RecordedScores),
              (status = 422, description = "A value is out of its limits, the meeting could not decide, or the committee \
                                            rejected the project: `motion_rejected`."),
              (status = 409, description = "The scoring is not closed, the call is awarded already, or a project's last \
                                            score is not the one that `corrects` says: `conflict`.")),
)]
#[post("/v1/project-calls/{project_call_id}/final-scores")]
pub async fn record_final_scores(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<RecordFinalScores>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "record_final_scores", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let territory_id = actor.territory_id;
        let call = hold_project_call(conn, territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        require_closed(&call, is_closed(conn, territory_id, call.id).await?)?;
        log_recusals(conn, territory_id, call.id).await?;
        let states = [ProjectState::Admissible, ProjectState::Scored];
        let projects = list_call_projects(conn, territory_id, call.id, &states).await?;
        let states: HashMap<Uuid, ProjectState> = projects.into_iter().map(|p| (p.id, p.state)).collect();
        let numbers = queries::numbers(conn, territory_id, call.id).await?;
        check(&call, &body, &states)?;
        if let Some(meeting_id) = body.meeting_id {
            require_meeting(conn, territory_id, meeting_id, body.minutes.date).await?;
        }
        require_not_rejected(conn, territory_id, &body.scores).await?;
        let new = numbered(&body.scores, &numbers)?;
        let decision = Decision {
            territory_id,
            project_call_id: call.id,
            minutes_act: body.minutes.act.trim_matches(' '),
            minutes_date: body.minutes.date,
            meeting_id: body.meeting_id,
            correction_reason: body.correction_reason.as_deref(),
            recorded_by: Some(actor.id),
        };
        queries::insert(conn, &decision, &new).await?;
        let first = new.iter().filter(|score| states.get(&score.project_id) == Some(&ProjectState::Admissible));
        let (from, to) = (ProjectState::Admissible, ProjectState::Scored);
        let moves: Vec<_> = first.map(|score| ProjectMove { project_id: score.project_id, from, to }).collect();
        let agent = Agent::of(&actor, Role::Ats);
        move_projects(conn, territory_id, &moves, agent, Some(decision.minutes_act)).await?;
        let corrected = new.iter().filter(|score| score.number > 1).count();
        let told = json!({ "scored": moves.len(), "corrected": corrected });
        publish(conn, territory_id, "evaluation.scores_recorded", call.id, told).await?;
        let count = |count: usize| i32::try_from(count).map_err(Problem::internal);
        let recorded =
            RecordedScores { project_call_id: call.id, scored: count(moves.len())?, corrected: count(corrected)? };
        Reply::ok(&recorded)
    })
    .await
}

fn require_closed(call: &ProjectCall, closed: bool) -> Result<(), Problem> {
    if call.state == ProjectCallState::Evaluating && closed {
        return Ok(());
    }
    Err(Problem::new(Code::Conflict).explain(
        format!(
            "I punteggi finali si registrano a valutazione chiusa e prima dell'assegnazione; l'avviso è nello stato «{}».",
            call.state
        ),
        format!(
            "Final scores are recorded once the scoring is closed and before the award; the call is in state '{}'.",
            call.state
        ),
    ))
}

/// The rules that look at the call and its projects.
fn check(
    call: &ProjectCall,
    body: &RecordFinalScores,
    states: &HashMap<Uuid, ProjectState>,
) -> Result<(), Problem> {
    let mut errors = vec![];
    if body.correction_reason.is_none() && body.scores.iter().any(|score| score.corrects.is_some()) {
        errors.push(FieldError::pointer("/correction_reason", "required"));
    }
    for (at, score) in body.scores.iter().enumerate() {
        if !states.contains_key(&score.project_id) {
            let pointer = format!("/scores/{at}/project_id");
            errors.push(FieldError::pointer(pointer, "not_found").value(score.project_id.to_string()));
        }
        if score.score > call.maximum_score {
            let pointer = format!("/scores/{at}/score");
            errors.push(FieldError::pointer(pointer, "range").value(score.score.to_string()).explain(&Text::new(
                format!("la griglia dà al massimo {} punti", call.maximum_score),
                format!("the grid gives {} points at most", call.maximum_score),
            )));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::ValidationFailed).with_errors(errors)) }
}

/// A meeting that is not over, never had its quorum, or whose minutes are not validated decided nothing yet; and no minutes
/// are older than their meeting.
async fn require_meeting(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    meeting_id: Uuid,
    minutes_date: NaiveDate,
) -> Result<(), Problem> {
    let meeting = queries::meeting(conn, territory_id, meeting_id).await?;
    let refuse =
        |error: FieldError, text: Text| Err(Problem::new(Code::ValidationFailed).with_error(error.explain(&text)));
    let of_meeting = |code: &str| FieldError::pointer("/meeting_id", code).value(meeting_id.to_string());
    if !meeting.decided {
        let text = Text::new(
            "non è una riunione del comitato tenuta con il numero legale",
            "no meeting of the committee that was held with its quorum",
        );
        return refuse(of_meeting("not_found"), text);
    }
    if !meeting.validated {
        let text = Text::new(
            "il verbale della riunione non è ancora validato",
            "the minutes of the meeting are not validated yet",
        );
        return refuse(of_meeting("minutes_not_validated"), text);
    }
    if let Some(day) = meeting.day.filter(|day| minutes_date < *day) {
        let error = FieldError::pointer("/minutes/date", "date_order").value(minutes_date.to_string());
        let text = Text::new(format!("la riunione è del {day}"), format!("the meeting was on {day}"));
        return refuse(error, text);
    }
    Ok(())
}

/// What the committee rejected, in whichever of its meetings, it did not score; unless it came back on it.
async fn require_not_rejected(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    scores: &[FinalScoreInput],
) -> Result<(), Problem> {
    let projects: Vec<Uuid> = scores.iter().map(|score| score.project_id).collect();
    let rejected = queries::rejected(conn, territory_id, &projects).await?;
    let errors: Vec<FieldError> = projects
        .iter()
        .enumerate()
        .filter(|(_, project_id)| rejected.contains(project_id))
        .map(|(at, project_id)| {
            FieldError::pointer(format!("/scores/{at}/project_id"), "motion_rejected")
                .value(project_id.to_string())
                .explain(&Text::new(
                    "il comitato ha respinto l'ultima delibera sul progetto",
                    "the committee rejected the last motion on the project",
                ))
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::ValidationFailed).with_errors(errors)) }
}

/// The scores with their numbers; refused if a project's last score is not the one that is said to be corrected.
fn numbered(scores: &[FinalScoreInput], numbers: &HashMap<Uuid, i16>) -> Result<Vec<NewScore>, Problem> {
    let mut errors = vec![];
    let mut new = vec![];
    for (at, score) in scores.iter().enumerate() {
        let last = numbers.get(&score.project_id).copied();
        if score.corrects == last {
            new.push(NewScore { project_id: score.project_id, number: last.unwrap_or(0) + 1, score: score.score });
        } else {
            let last = last.map_or("-".to_owned(), |number| number.to_string());
            errors.push(
                FieldError::pointer(format!("/scores/{at}/corrects"), "conflict").value(last.clone()).explain(
                    &Text::new(
                        format!("l'ultimo punteggio del progetto è il n. {last}"),
                        format!("the project's last score is no. {last}"),
                    ),
                ),
            );
        }
    }
    if errors.is_empty() { Ok(new) } else { Err(Problem::new(Code::Conflict).with_errors(errors)) }
}
