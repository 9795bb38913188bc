use super::motion::Motion;
use super::queries;
use super::undecided::{Undecided, hold_undecided};
use crate::rules::states::{MOTION, MotionState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Db, Problem, checks};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Why a motion is taken back.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "È venuto meno il numero legale"}))]
pub struct MotionWithdrawal {
    /// The reason, kept in the motion's history.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub reason: String,
}

/// Take back a motion
///
/// By whoever runs the body, of a motion that is not decided: what was put to the vote by mistake, or could not be decided
/// because too many left. Nothing is decided by it, the votes cast stay on record, and the meeting can be closed.
#[utoipa::path(
    tag = "governance",
    params(("motion_id" = Uuid, Path, description = "The motion."),
           ("If-Match" = Option<String>, Header, description = "Version that is taken back."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body(content = MotionWithdrawal),
    responses((status = 200, description = "The motion, taken back.", body = Motion,
                headers(("ETag" = String, description = "Version of the motion."))),
              (status = 409, description = "The motion is decided (`transition_not_allowed`).")),
)]
#[post("/v1/motions/{motion_id}/withdraw")]
pub async fn withdraw_motion(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
    body: Json<MotionWithdrawal>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "withdraw_motion", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let motion = withdraw(conn, &actor, id.0, seen.as_ref(), &body.reason).await?;
        Ok(Reply::ok(&motion)?.etag(etag_of(motion.version)))
    })
    .await
}

async fn withdraw(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    motion_id: Uuid,
    seen: Option<&IfMatch>,
    reason: &str,
) -> Result<Motion, Problem> {
    let territory_id = actor.territory_id;
    let Undecided { meeting, motion, role } =
        hold_undecided(conn, actor, motion_id, MotionState::Withdrawn, seen).await?;
    queries::withdraw(conn, (territory_id, motion.id, actor.id)).await?;
    let moved = (Some(motion.state.as_str()), MotionState::Withdrawn.as_str());
    record(conn, territory_id, (MOTION.aggregate, motion.id), moved, Agent::of(actor, role), Some(reason)).await?;
    publish(conn, territory_id, "motion.withdrawn", motion.id, json!({"meeting_id": meeting.id})).await?;
    queries::find(conn, territory_id, motion.id).await?.ok_or_else(Problem::not_found)
}
