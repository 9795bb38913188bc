use super::conflicts::{About, Voter, write_down};
use super::motion::Motion;
use super::queries;
use super::undecided::{Undecided, hold_undecided};
use super::votes;
use crate::meetings::{self, require_quorum};
use crate::rules::states::{MOTION, MotionState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Db, Problem};
use diesel_async::AsyncPgConnection;
use serde_json::json;
use uuid::Uuid;

/// Close a vote
///
/// Counts the votes and decides. Carried is what more than half of those present are in favour of; present is each seat
/// that is represented, or that voted and has left since, without the recused; to abstain or not to vote weighs against.
/// When as many are in favour as against, the vote of the chair's seat decides; without one the motion is rejected.
/// Conflicts of interest are looked for once more: a vote cast before one arose is not counted.
#[utoipa::path(
    tag = "governance",
    params(("motion_id" = Uuid, Path, description = "The motion."),
           ("If-Match" = Option<String>, Header, description = "Version that is closed."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The decided motion, with what each seat did.", body = Motion,
                headers(("ETag" = String, description = "Version of the motion."))),
              (status = 409, description = "The motion is decided (`transition_not_allowed`), or there is no quorum \
                                            (`no_quorum`).")),
)]
#[post("/v1/motions/{motion_id}/close")]
pub async fn close_motion(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "close_motion", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let motion = close(conn, &actor, id.0, seen.as_ref()).await?;
        Ok(Reply::ok(&motion)?.etag(etag_of(motion.version)))
    })
    .await
}

/// Counts the votes and decides, as who runs the body.
pub async fn close(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    motion_id: Uuid,
    seen: Option<&IfMatch>,
) -> Result<Motion, Problem> {
    let territory_id = actor.territory_id;
    let Undecided { meeting, motion, role } =
        hold_undecided(conn, actor, motion_id, MotionState::Carried, seen).await?;
    require_quorum(conn, territory_id, &meeting).await?;
    let invited = meetings::invitations_of(conn, territory_id, meeting.id, meeting.notice).await?;
    if let Some(project_id) = motion.project_id {
        let about = About { territory_id, meeting_id: meeting.id, motion_id: motion.id, project_id };
        write_down(conn, about, &Voter::all(&invited)).await?;
    }
    let cast = votes::list(conn, territory_id, motion.id).await?;
    let recused = votes::recused(conn, territory_id, motion.id).await?;
    let decision = votes::count(&invited, &cast, &recused);
    queries::close(conn, (territory_id, motion.id, actor.id), &decision).await?;
    let moved = (Some(motion.state.as_str()), decision.state.as_str());
    let agent = Agent::of(actor, role);
    record(conn, territory_id, (MOTION.aggregate, motion.id), moved, agent, Some(decision.basis.as_str())).await?;
    let told = json!({"meeting_id": meeting.id, "state": decision.state, "basis": decision.basis});
    publish(conn, territory_id, "motion.decided", motion.id, told).await?;
    queries::find(conn, territory_id, motion.id).await?.ok_or_else(Problem::not_found)
}
