//! Conflicts of interest with the project that a motion is about: found by the system, written down, never removed.

use super::motion::RecusalGround;
use crate::meetings::InvitationRow;
use chrono::{DateTime, Utc};
use concilia_evaluation::{ConflictGround, conflicts_of};
use concilia_kernel::db::cached;
use concilia_kernel::now;
use concilia_planning::partner_organisations;
use diesel::sql_types::{Array, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryResult, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::HashSet;
use uuid::Uuid;

/// A motion about a project.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_field_names, reason = "each is the id of another thing")]
pub(super) struct About {
    pub territory_id: Uuid,
    pub meeting_id: Uuid,
    pub motion_id: Uuid,
    pub project_id: Uuid,
}

/// Somebody who may vote for a seat.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_field_names, reason = "each is the id of another thing")]
pub(super) struct Voter {
    pub invitation_id: Uuid,
    pub account_id: Uuid,
    /// Of the seat, where it is one.
    pub organisation_id: Option<Uuid>,
}

impl Voter {
    /// Both people of each seat.
    pub(super) fn all(invited: &[InvitationRow]) -> Vec<Self> {
        let both = |one: &InvitationRow| {
            let (invitation_id, organisation_id) = (one.id, one.organisation_id);
            [one.titular_id, one.substitute_id].into_iter().flatten().map(move |account_id| Self {
                invitation_id,
                account_id,
                organisation_id,
            })
        };
        invited.iter().flat_map(both).collect()
    }
}

struct Found {
    voter: Voter,
    organisation_id: Uuid,
    ground: RecusalGround,
}

/// Writes down the conflicts of `voters` with the project as it stands now.
pub(super) async fn write_down(
    connection: &mut AsyncPgConnection,
    about: About,
    voters: &[Voter],
) -> QueryResult<()> {
    let found = find(connection, about, voters).await?;
    if found.is_empty() {
        return Ok(());
    }
    let found_at: DateTime<Utc> = now();
    cached(
        sql_query(
            "INSERT INTO motion_recusals (territory_id, meeting_id, motion_id, invitation_id, account_id, organisation_id, ground, \
               found_at) \
             SELECT $1, $2, $3, f.*, $8 FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::text[]) f \
             ON CONFLICT DO NOTHING",
        )
        .bind::<SqlUuid, _>(about.territory_id)
        .bind::<SqlUuid, _>(about.meeting_id)
        .bind::<SqlUuid, _>(about.motion_id)
        .bind::<Array<SqlUuid>, _>(found.iter().map(|one| one.voter.invitation_id).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(found.iter().map(|one| one.voter.account_id).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(found.iter().map(|one| one.organisation_id).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(found.iter().map(|one| one.ground).collect::<Vec<_>>())
        .bind::<Timestamptz, _>(found_at),
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn find(connection: &mut AsyncPgConnection, about: About, voters: &[Voter]) -> QueryResult<Vec<Found>> {
    let partners = partner_organisations(connection, about.territory_id, &[about.project_id]).await?;
    let involved: HashSet<Uuid> = partners.into_iter().map(|partner| partner.organisation_id).collect();
    let accounts: Vec<Uuid> = voters.iter().map(|voter| voter.account_id).collect();
    let bound = conflicts_of(connection, about.territory_id, &accounts).await?;
    let bound: Vec<_> = bound.into_iter().filter(|bound| bound.project_id == about.project_id).collect();
    let of_seats = voters.iter().filter_map(|voter| {
        let organisation_id = voter.organisation_id.filter(|id| involved.contains(id))?;
        Some(Found { voter: *voter, organisation_id, ground: RecusalGround::Seat })
    });
    let of_people = voters.iter().flat_map(|voter| {
        bound.iter().filter(|bound| bound.account_id == voter.account_id).map(|bound| Found {
            voter: *voter,
            organisation_id: bound.organisation_id,
            ground: match bound.ground {
                ConflictGround::Role => RecusalGround::Role,
                ConflictGround::Employment => RecusalGround::Employer,
            },
        })
    });
    Ok(of_seats.chain(of_people).collect())
}
