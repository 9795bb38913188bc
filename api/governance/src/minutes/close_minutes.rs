use super::queries;
use super::view::Minutes;
use crate::meetings::{self, Hold};
use crate::rules::minutes::{Answers, NotYet, may_close};
use crate::rules::states::{MINUTES, MinutesState};
use crate::scope::require_run;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, Utc};
use concilia_kernel::clock::italian_time;
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Db, Problem, now};
use diesel_async::AsyncPgConnection;
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

/// Validate minutes
///
/// The chair's office closes the version: once all the people who were there have agreed, or once the days have passed, as
/// silence agrees. Not while somebody objects: a new version answers the objection. Validated minutes stay.
#[utoipa::path(
    tag = "governance",
    params(("minutes_id" = Uuid, Path, description = "The minutes."),
           ("If-Match" = Option<String>, Header, description = "Version that is validated."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The validated minutes.", body = Minutes,
                headers(("ETag" = String, description = "Version of the minutes."))),
              (status = 409, description = "Somebody objects or answers are still awaited (`conflict`), or the version is \
                                            validated or superseded (`transition_not_allowed`).")),
)]
#[post("/v1/minutes/{minutes_id}/close")]
pub async fn close_minutes(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "close_minutes", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let minutes = close(conn, &actor, id.0, seen.as_ref()).await?;
        Ok(Reply::ok(&minutes)?.etag(etag_of(minutes.summary.version)))
    })
    .await
}

/// Validates minutes to which nobody objects, as who runs the body.
pub async fn close(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    minutes_id: Uuid,
    seen: Option<&IfMatch>,
) -> Result<Minutes, Problem> {
    let territory_id = actor.territory_id;
    let held = queries::hold(conn, territory_id, minutes_id).await?.ok_or_else(Problem::not_found)?;
    let meeting = meetings::hold(conn, territory_id, held.meeting_id, Hold::Share).await?;
    let meeting = meeting.ok_or_else(Problem::not_found)?;
    let role = require_run(conn, actor, meeting.body_id, (meeting.body_kind, meeting.referent_id)).await?;
    let (from, to) = (held.state, MinutesState::Validated);
    MINUTES.check(from, to)?;
    seen.map_or(Ok(()), |seen| seen.check(held.version))?;
    let minutes = queries::find(conn, territory_id, held.id).await?.ok_or_else(Problem::not_found)?;
    let stays = meetings::stays(conn, territory_id, meeting.id).await?;
    let answered: HashSet<Uuid> = minutes.answers.iter().map(|answer| answer.account_id).collect();
    let answers = Answers {
        objections: minutes.answers.iter().filter(|answer| !answer.agreed).count(),
        complete: !stays.is_empty()
            && stays.iter().all(|stay| stay.account_id.is_some_and(|account| answered.contains(&account))),
        due: held.due_at,
    };
    may_close(answers, now()).map_err(|reason| not_yet(reason, held.due_at))?;
    queries::close(conn, (territory_id, held.id, actor.id)).await?;
    let (moved, agent) = ((Some(from.as_str()), to.as_str()), Agent::of(actor, role));
    record(conn, territory_id, (MINUTES.aggregate, held.id), moved, agent, None).await?;
    publish(conn, territory_id, "minutes.validated", held.id, json!({"meeting_id": meeting.id})).await?;
    queries::find(conn, territory_id, held.id).await?.ok_or_else(Problem::not_found)
}

fn not_yet(reason: NotYet, due: DateTime<Utc>) -> Problem {
    let problem = Problem::new(Code::Conflict);
    match reason {
        NotYet::Objections => problem.explain(
            "Ci sono obiezioni: serve una nuova versione del verbale.",
            "Somebody objects: a new version of the minutes is needed.",
        ),
        NotYet::Waiting => problem.explain(
            format!("Si attendono risposte fino al {}: poi il silenzio vale assenso.", italian_time(due)),
            format!("Answers are awaited until {due:?}: then silence agrees."),
        ),
    }
}
