use super::conflicts::{About, Voter, write_down};
use super::motion::Motion;
use super::queries::{self, Hold as HoldMotion};
use super::votes::{self, Vote};
use crate::meetings::record_attendance::substitute_not_admitted;
use crate::meetings::{self, Hold, InvitationRow, require_begun, require_quorum};
use crate::rules::attendance::Capacity;
use crate::rules::states::MotionState;
use crate::rules::vote::Choice;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, now};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A vote to cast.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"choice": "in_favour"}))]
pub struct CastVote {
    /// The vote.
    pub choice: Choice,
}

/// Vote on a motion
///
/// Whoever is recorded as present for a committee's seat votes, once for the seat: its titular or, in the titular's
/// absence, its substitute. A vote stands. Whoever has a conflict of interest with the motion's project is recused, also
/// when it has arisen since the motion was opened: the refusal is written down.
#[utoipa::path(
    tag = "governance",
    params(("motion_id" = Uuid, Path, description = "The motion."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = CastVote,
    responses((status = 201, description = "The motion, with one vote more.", body = Motion,
                headers(("ETag" = String, description = "Version of the motion."))),
              (status = 403, description = "The caller is not recorded as present for a seat."),
              (status = 409, description = "The seat has voted (`already_exists`), the titular is there \
                                            (`substitute_not_admitted`), the caller is recused (`conflict_of_interest`), \
                                            there is no quorum (`no_quorum`), the motion is decided \
                                            (`transition_not_allowed`), or the meeting is over \
                                            (`meeting_not_in_session`).")),
)]
#[post("/v1/motions/{motion_id}/votes")]
pub async fn cast_vote(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<CastVote>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "cast_vote", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    let territory_id = actor.territory_id;
    let motion = queries::find_row(&mut conn, territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
    // Written down in a transaction of its own, so that it outlives the refusal.
    if let Some(project_id) = motion.project_id.filter(|_| motion.state == MotionState::Open) {
        let about = About { territory_id, meeting_id: motion.meeting_id, motion_id: motion.id, project_id };
        transaction(&mut conn, async |conn| find_conflicts(conn, about, actor.id).await).await?;
    }
    once(&mut conn, &actor, request, async |conn| {
        let motion = cast(conn, &actor, (motion.meeting_id, motion.id), body.choice).await?;
        Ok(Reply::json(StatusCode::CREATED, &motion)?.etag(etag_of(motion.version)))
    })
    .await
}

/// Votes, as whoever is there for a seat.
pub async fn cast(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    (meeting_id, motion_id): (Uuid, Uuid),
    choice: Choice,
) -> Result<Motion, Problem> {
    let territory_id = actor.territory_id;
    let meeting = meetings::hold(conn, territory_id, meeting_id, Hold::Share).await?;
    let meeting = meeting.ok_or_else(Problem::not_found)?;
    let motion = queries::hold(conn, territory_id, motion_id, HoldMotion::Share).await?;
    let motion = motion.ok_or_else(Problem::not_found)?;
    let invited = meetings::invitations_of(conn, territory_id, meeting.id, meeting.notice).await?;
    let (seat, capacity) = seat_of(&invited, actor.id)?;
    if motion.state != MotionState::Open {
        return Err(decided(motion.state));
    }
    require_begun(&meeting, now())?;
    if votes::recused(conn, territory_id, motion.id).await?.contains(&(seat.id, actor.id)) {
        return Err(Problem::new(Code::ConflictOfInterest).explain(
            "Il votante ha un conflitto di interessi con il progetto: è ricusato da questa votazione.",
            "The voter has a conflict of interest with the project and is recused from this vote.",
        ));
    }
    require_quorum(conn, territory_id, &meeting).await?;
    let vote = Vote { invitation_id: seat.id, account_id: actor.id, capacity, choice };
    if !votes::insert(conn, (territory_id, meeting.id, motion.id), vote).await? {
        return Err(
            Problem::new(Code::AlreadyExists).explain("Il seggio ha già votato.", "The seat has voted already.")
        );
    }
    queries::find(conn, territory_id, motion.id).await?.ok_or_else(Problem::not_found)
}

/// Writes down the conflicts of the caller, if they were invited.
async fn find_conflicts(connection: &mut AsyncPgConnection, about: About, account: Uuid) -> Result<(), Problem> {
    let meeting = meetings::hold(connection, about.territory_id, about.meeting_id, Hold::Share).await?;
    let meeting = meeting.ok_or_else(Problem::not_found)?;
    let invited = meetings::invitations_of(connection, about.territory_id, meeting.id, meeting.notice).await?;
    let voters = Voter::all(&invited).into_iter().filter(|voter| voter.account_id == account).collect::<Vec<_>>();
    Ok(write_down(connection, about, &voters).await?)
}

/// The seat that the caller is there for. A substitute is told when the titular is.
fn seat_of(invited: &[InvitationRow], account: Uuid) -> Result<(&InvitationRow, Capacity), Problem> {
    let own = invited.iter().find_map(|seat| Some((seat, seat.capacity_of(account)?)));
    match own {
        Some((seat, capacity)) if seat.account_id == Some(account) => Ok((seat, capacity)),
        Some((seat, Capacity::Substitute)) if seat.capacity == Some(Capacity::Titular) => {
            Err(substitute_not_admitted())
        }
        _ => Err(Problem::new(Code::Forbidden).explain(
            "Vota chi risulta presente per un seggio del comitato.",
            "Whoever is recorded as present for a seat of the committee votes.",
        )),
    }
}

fn decided(state: MotionState) -> Problem {
    Problem::new(Code::TransitionNotAllowed)
        .explain(
            format!("La votazione è chiusa: il suo stato è «{state}»."),
            format!("The vote is over: its state is '{state}'."),
        )
        .with_error(FieldError::pointer("/state", "transition_not_allowed").value(state.as_str()))
}
