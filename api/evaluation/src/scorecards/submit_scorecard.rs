use super::queries::{self, Row};
use super::{Scorecard, Viewer, require_scoring, with_names};
use crate::call_evaluation::is_closed;
use crate::rules::grid::missing;
use crate::rules::states::{SCORECARD, ScorecardState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::problem::{FieldError, Problem};
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Db, Role};
use concilia_planning::{ProjectCall, share_project_call};
use diesel_async::AsyncPgConnection;
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

/// Submit a scorecard
///
/// Gives the caller's card for good. A seat of the committee gives a project one card: when two evaluators of one
/// organisation score it, the first card submitted counts and the other is refused.
#[utoipa::path(
    tag = "evaluation",
    params(("scorecard_id" = Uuid, Path, description = "The card."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The card, given.", body = Scorecard,
                headers(("ETag" = String, description = "Version of the card."))),
              (status = 409, description = "It has been submitted (`transition_not_allowed`), another evaluator of the \
                                            same organisation has scored the project, or the scoring is closed \
                                            (`conflict`).")),
)]
#[post("/v1/scorecards/{scorecard_id}/submit")]
pub async fn submit_scorecard(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "submit_scorecard", [0; 32]).with_path(id.0);
    // As an officer of the agency as well, one submits nothing but one's own.
    let viewer = Viewer { is_ats: false, ..Viewer::of(&actor) };
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let card = own(conn, viewer, id.0).await?;
        let call = share_project_call(conn, actor.territory_id, card.project_call_id).await?;
        let call = call.ok_or_else(Problem::not_found)?;
        require_scoring(&call, is_closed(conn, actor.territory_id, call.id).await?)?;
        require_seat_free(conn, viewer, &card).await?;
        // What was read before the card was held may have changed.
        let card = own(conn, viewer, id.0).await?;
        SCORECARD.check(card.state, ScorecardState::Submitted)?;
        require_whole(&call, &card)?;
        queries::submit(conn, actor.territory_id, card.id).await?;
        let moved = (Some(card.state.as_str()), ScorecardState::Submitted.as_str());
        let agent = Agent::of(&actor, Role::Evaluator);
        record(conn, actor.territory_id, (SCORECARD.aggregate, card.id), moved, agent, None).await?;
        let told = json!({ "project_id": card.project_id });
        publish(conn, actor.territory_id, "scorecard.submitted", card.id, told).await?;
        let row = own(conn, viewer, id.0).await?;
        let card = with_names(conn, viewer, vec![row]).await?.pop().ok_or_else(Problem::not_found)?;
        Ok(Reply::ok(&card)?.etag(etag_of(card.version)))
    })
    .await
}

/// The caller's own card, unless it is in conflict with the project.
async fn own(conn: &mut AsyncPgConnection, viewer: Viewer, id: Uuid) -> Result<Row, Problem> {
    let card = queries::find(conn, viewer, id).await?;
    card.filter(|card| card.account_id == viewer.account_id).ok_or_else(Problem::not_found)
}

/// Holds the cards of the seat, so that of two submitted together one waits for the other.
async fn require_seat_free(conn: &mut AsyncPgConnection, viewer: Viewer, card: &Row) -> Result<(), Problem> {
    let seat = Some(card.organisation_id);
    let held = queries::hold(conn, viewer.territory_id, card.project_id, viewer.account_id, seat).await?;
    let taken =
        |other: &queries::Held| other.account_id != viewer.account_id && other.state == ScorecardState::Submitted;
    if held.iter().any(taken) {
        return Err(Problem::new(Code::Conflict).explain(
            "Un altro valutatore dello stesso ente ha già dato il punteggio al progetto: titolare e sostituto contano \
             una volta sola.",
            "Another evaluator of the same organisation has scored the project: titular and substitute count once.",
        ));
    }
    Ok(())
}

fn require_whole(call: &ProjectCall, card: &Row) -> Result<(), Problem> {
    let scores = card.scores.as_ref().map_or(&[][..], |scores| scores.0.as_slice());
    let scored: HashSet<&str> = scores.iter().map(|score| score.criterion.as_str()).collect();
    let missing = missing(&call.criteria.0, &scored);
    if missing.is_empty() {
        return Ok(());
    }
    let faults = missing.into_iter().map(|code| FieldError::pointer("/scores", "required").value(code));
    Err(Problem::new(Code::ValidationFailed).with_errors(faults).explain(
        "La scheda non dà ancora un punteggio a ogni criterio della griglia.",
        "The card does not score every criterion of the grid yet.",
    ))
}
