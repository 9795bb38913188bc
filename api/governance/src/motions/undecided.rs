use super::queries::{self, Hold as HoldMotion, MotionRow};
use crate::meetings::{self, Hold, MeetingRow};
use crate::rules::states::{MOTION, MotionState};
use crate::scope::require_run;
use concilia_kernel::extract::IfMatch;
use concilia_kernel::{Actor, Problem, Role};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// An undecided motion and its meeting, both held, with the role by which the caller runs the body.
pub(super) struct Undecided {
    pub meeting: MeetingRow,
    pub motion: MotionRow,
    pub role: Role,
}

/// Holds a motion that is to move to `to`. One already decided is told by its state, whatever version the caller saw.
pub(super) async fn hold_undecided(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    motion_id: Uuid,
    to: MotionState,
    seen: Option<&IfMatch>,
) -> Result<Undecided, Problem> {
    let territory_id = actor.territory_id;
    let found = queries::find_row(conn, territory_id, motion_id).await?.ok_or_else(Problem::not_found)?;
    let meeting = meetings::hold(conn, territory_id, found.meeting_id, Hold::Share).await?;
    let meeting = meeting.ok_or_else(Problem::not_found)?;
    let role = require_run(conn, actor, meeting.body_id, (meeting.body_kind, meeting.referent_id)).await?;
    let motion = queries::hold(conn, territory_id, motion_id, HoldMotion::Update).await?;
    let motion = motion.ok_or_else(Problem::not_found)?;
    MOTION.check(motion.state, to)?;
    seen.map_or(Ok(()), |seen| seen.check(motion.version))?;
    Ok(Undecided { meeting, motion, role })
}
