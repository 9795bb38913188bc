//! Whether a meeting is in session, and may decide.

use super::queries::MeetingRow;
use crate::rules::states::MeetingState;
use chrono::{DateTime, Duration, Utc};
use concilia_kernel::clock::italian_time;
use concilia_kernel::db::cached;
use concilia_kernel::{Code, Problem};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Minutes before a meeting from which who comes is recorded.
const DOORS_OPEN: i64 = 60;

/// Refuses to note who comes to a meeting that is neither at hand nor under way.
pub(crate) fn require_doors_open(meeting: &MeetingRow, now: DateTime<Utc>) -> Result<(), Problem> {
    require_under_way(meeting, meeting.starts_at - Duration::minutes(DOORS_OPEN), now)
}

/// Refuses what a meeting does before the hour that its invitations named, or once it is over.
pub(crate) fn require_begun(meeting: &MeetingRow, now: DateTime<Utc>) -> Result<(), Problem> {
    require_under_way(meeting, meeting.starts_at, now)
}

fn require_under_way(meeting: &MeetingRow, from: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Problem> {
    if meeting.state == MeetingState::Convened && now >= from {
        return Ok(());
    }
    Err(Problem::new(Code::MeetingNotInSession).explain(
        format!("La riunione, nello stato «{}», è in corso dal {}.", meeting.state, italian_time(from)),
        format!("The meeting, in state '{}', is in session from {from:?}.", meeting.state),
    ))
}

/// How many invitations are represented now. The transaction holds the meeting, so the count stays.
async fn present(connection: &mut AsyncPgConnection, territory_id: Uuid, meeting_id: Uuid) -> QueryResult<i64> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        present: i64,
    }
    let found: Count = cached(
        sql_query(
            "SELECT count(*) AS present FROM attendances \
             WHERE territory_id = $1 AND meeting_id = $2 AND left_at IS NULL",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(meeting_id),
    )
    .get_result(connection)
    .await?;
    Ok(found.present)
}

/// Refuses to decide without a quorum: in a body that has none, altogether.
pub(crate) async fn require_quorum(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    meeting: &MeetingRow,
) -> Result<(), Problem> {
    let Some(quorum) = meeting.quorum else {
        return Err(Problem::new(Code::Conflict)
            .explain("Solo il comitato delibera con votazione.", "Only the committee decides by vote."));
    };
    let present = present(connection, territory_id, meeting.id).await?;
    if present >= quorum.into() {
        return Ok(());
    }
    Err(Problem::new(Code::NoQuorum).explain(
        format!("Sono rappresentati {present} seggi: ne servono {quorum}."),
        format!("{present} seats are represented: {quorum} are needed."),
    ))
}
