//! The votes on a motion and what comes of them.

use super::motion::{BallotEntry, Part};
use super::queries::Decision;
use crate::meetings::InvitationRow;
use crate::rules::attendance::Capacity;
use crate::rules::states::MotionState;
use crate::rules::vote::{Choice, Tally, decide};
use concilia_kernel::db::cached;
use concilia_kernel::now;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use std::collections::HashSet;
use uuid::Uuid;

/// A vote as cast.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub(super) struct Vote {
    #[diesel(sql_type = SqlUuid)]
    pub invitation_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub account_id: Uuid,
    #[diesel(sql_type = Text)]
    pub capacity: Capacity,
    #[diesel(sql_type = Text)]
    pub choice: Choice,
}

/// The votes on a motion.
pub(super) async fn list<C>(connection: &mut C, territory_id: Uuid, motion_id: Uuid) -> QueryResult<Vec<Vote>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT invitation_id, account_id, capacity, choice FROM votes WHERE territory_id = $1 AND motion_id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(motion_id),
    )
    .load(connection)
    .await
}

/// Casts a vote; false when the seat has voted already.
pub(super) async fn insert(
    connection: &mut AsyncPgConnection,
    (territory_id, meeting_id, motion_id): (Uuid, Uuid, Uuid),
    vote: Vote,
) -> QueryResult<bool> {
    let cast = cached(
        sql_query(
            "INSERT INTO votes (territory_id, meeting_id, motion_id, invitation_id, account_id, capacity, choice, cast_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(meeting_id)
        .bind::<SqlUuid, _>(motion_id)
        .bind::<SqlUuid, _>(vote.invitation_id)
        .bind::<SqlUuid, _>(vote.account_id)
        .bind::<Text, _>(vote.capacity)
        .bind::<Text, _>(vote.choice)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(cast == 1)
}

#[derive(QueryableByName)]
struct Recused {
    #[diesel(sql_type = SqlUuid)]
    invitation_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    account_id: Uuid,
}

/// Who is recused from a motion, for which invitation.
pub(super) async fn recused<C>(
    connection: &mut C,
    territory_id: Uuid,
    motion_id: Uuid,
) -> QueryResult<HashSet<(Uuid, Uuid)>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found: Vec<Recused> = cached(
        sql_query(
            "SELECT DISTINCT invitation_id, account_id FROM motion_recusals WHERE territory_id = $1 AND motion_id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(motion_id),
    )
    .load(connection)
    .await?;
    Ok(found.into_iter().map(|one| (one.invitation_id, one.account_id)).collect())
}

/// Counts the votes. A seat is present when somebody is there for it, or voted and has left since; it is recused when
/// that person is, whatever they voted.
pub(super) fn count(invited: &[InvitationRow], votes: &[Vote], recused: &HashSet<(Uuid, Uuid)>) -> Decision {
    let entry = |seat: &InvitationRow| {
        let vote = votes.iter().find(|vote| vote.invitation_id == seat.id);
        let there = vote.map(|vote| (vote.account_id, vote.capacity)).or(seat.account_id.zip(seat.capacity));
        let part = match (there, vote) {
            (None, _) => Part::Absent,
            (Some((account, _)), _) if recused.contains(&(seat.id, account)) => Part::Recused,
            (_, Some(_)) => Part::Voted,
            (_, None) => Part::NotVoting,
        };
        BallotEntry {
            invitation_id: seat.id,
            name: seat.name.clone(),
            chair: seat.chair,
            part,
            capacity: there.map(|(_, capacity)| capacity),
            choice: vote.filter(|_| part == Part::Voted).map(|vote| vote.choice),
        }
    };
    let ballot: Vec<BallotEntry> = invited.iter().map(entry).collect();
    let parts = |wanted: &[Part]| ballot.iter().filter(|entry| wanted.contains(&entry.part)).count();
    let choices = |wanted| ballot.iter().filter(|entry| entry.choice == Some(wanted)).count();
    let tally = Tally {
        present: parts(&[Part::Voted, Part::NotVoting]),
        in_favour: choices(Choice::InFavour),
        against: choices(Choice::Against),
        chair: ballot.iter().find(|entry| entry.chair).and_then(|entry| entry.choice),
    };
    let (carried, basis) = decide(tally);
    let short = |number: usize| i16::try_from(number).unwrap_or(i16::MAX);
    Decision {
        state: if carried { MotionState::Carried } else { MotionState::Rejected },
        basis,
        present: short(tally.present),
        recused: short(parts(&[Part::Recused])),
        in_favour: short(tally.in_favour),
        against: short(tally.against),
        abstained: short(choices(Choice::Abstain)),
        ballot,
    }
}
