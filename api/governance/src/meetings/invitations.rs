//! Who is invited: the seats, the members or the group as they stand when a notice is sent, and who is there for them.

use super::meeting::{Attendance, Invitation};
use super::queries::MeetingRow;
use crate::bodies;
use crate::people::People;
use crate::rules::attendance::Capacity;
use crate::rules::quorum::quorum;
use crate::rules::states::BodyKind;
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::{Code, Problem};
use concilia_network::admitted_members;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Bool, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// An invitation as stored, with who is there for it.
#[derive(Debug, Clone, QueryableByName)]
pub(crate) struct InvitationRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub organisation_id: Option<Uuid>,
    #[diesel(sql_type = Bool)]
    pub chair: bool,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub titular_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub substitute_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub capacity: Option<Capacity>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub account_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    delegate_name: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    arrived_at: Option<DateTime<Utc>>,
}

impl InvitationRow {
    pub(super) fn shown(self, people: &People) -> Invitation {
        let attendance = self.capacity.zip(self.arrived_at).map(|(capacity, arrived_at)| Attendance {
            capacity,
            person: people.name(self.account_id),
            delegate_name: self.delegate_name,
            arrived_at,
        });
        Invitation {
            id: self.id,
            name: self.name,
            organisation_id: self.organisation_id,
            chair: self.chair,
            titular: people.name(self.titular_id),
            substitute: people.name(self.substitute_id),
            attendance,
        }
    }

    /// In what capacity that account may attend for this invitation.
    pub(crate) fn capacity_of(&self, account: Uuid) -> Option<Capacity> {
        if self.titular_id == Some(account) {
            Some(Capacity::Titular)
        } else if self.substitute_id == Some(account) {
            Some(Capacity::Substitute)
        } else {
            None
        }
    }
}

/// Those invited by a notice, the chair first, then by name.
pub(crate) async fn list<C>(
    connection: &mut C,
    territory_id: Uuid,
    meeting_id: Uuid,
    notice: i16,
) -> QueryResult<Vec<InvitationRow>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT i.id, i.name, i.organisation_id, i.chair, i.titular_id, i.substitute_id, a.capacity, a.account_id, \
               a.delegate_name, a.arrived_at \
             FROM meeting_invitations i \
             LEFT JOIN attendances a ON a.meeting_id = i.meeting_id AND a.invitation_id = i.id AND a.left_at IS NULL \
             WHERE i.territory_id = $1 AND i.meeting_id = $2 AND i.notice = $3 ORDER BY i.chair DESC, i.name, i.id",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(meeting_id)
        .bind::<SmallInt, _>(notice),
    )
    .load(connection)
    .await
}

/// Invites, by the meeting's last notice, those who are in its body now, and sets the quorum of a committee.
pub(super) async fn freeze(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    meeting: &MeetingRow,
) -> Result<(), Problem> {
    let invited = match meeting.body_kind {
        BodyKind::Committee => invite_seats(connection, territory_id, meeting).await?,
        BodyKind::Assembly => {
            let members = admitted_members(connection, territory_id).await?;
            let names = members.into_iter().map(|member| (Some(member.id), member.name)).collect();
            invite_organisations(connection, territory_id, meeting, names).await?
        }
        BodyKind::WorkingGroup => {
            let members = bodies::working_group_members(connection, territory_id, meeting.body_id).await?;
            let name = |member: bodies::WorkingGroupMember| match member.organisation {
                Some(organisation) => Some((Some(organisation.id), organisation.name)),
                None => member.guest_name.map(|name| (None, name)),
            };
            let names = members.into_iter().filter_map(name).collect();
            invite_organisations(connection, territory_id, meeting, names).await?
        }
    };
    if invited == 0 {
        return Err(Problem::new(Code::Conflict)
            .explain("L'organo non ha componenti da invitare.", "The body has nobody to invite."));
    }
    if meeting.body_kind == BodyKind::Committee {
        require_chair(connection, meeting).await?;
        set_quorum(connection, territory_id, meeting.id, quorum(invited)).await?;
    }
    Ok(())
}

async fn invite_seats(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    meeting: &MeetingRow,
) -> QueryResult<usize> {
    cached(
        sql_query(
            "INSERT INTO meeting_invitations (id, territory_id, meeting_id, notice, name, organisation_id, seat_id, chair, \
               titular_id, substitute_id) \
             SELECT uuid_v7(), s.territory_id, $3, $4, s.name, s.organisation_id, s.id, s.chair, t.account_id, u.account_id \
             FROM committee_seats s \
             JOIN seat_holders t ON t.seat_id = s.id AND t.capacity = 'titular' AND t.ended_at IS NULL \
             LEFT JOIN seat_holders u ON u.seat_id = s.id AND u.capacity = 'substitute' AND u.ended_at IS NULL \
             WHERE s.territory_id = $1 AND s.body_id = $2 AND s.ended_on IS NULL",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(meeting.body_id)
        .bind::<SqlUuid, _>(meeting.id)
        .bind::<SmallInt, _>(meeting.notice),
    )
    .execute(connection)
    .await
}

async fn invite_organisations(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    meeting: &MeetingRow,
    organisations: Vec<(Option<Uuid>, String)>,
) -> QueryResult<usize> {
    let (ids, names): (Vec<Option<Uuid>>, Vec<String>) = organisations.into_iter().unzip();
    cached(
        sql_query(
            "INSERT INTO meeting_invitations (id, territory_id, meeting_id, notice, name, organisation_id, chair) \
             SELECT uuid_v7(), $1, $2, $3, o.name, o.id, false FROM unnest($4::uuid[], $5::text[]) o (id, name)",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(meeting.id)
        .bind::<SmallInt, _>(meeting.notice)
        .bind::<Array<Nullable<SqlUuid>>, _>(ids)
        .bind::<Array<Text>, _>(names),
    )
    .execute(connection)
    .await
}

/// Without a chair a tie could not be broken.
async fn require_chair(connection: &mut AsyncPgConnection, meeting: &MeetingRow) -> Result<(), Problem> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Bool)]
        chair: bool,
    }
    let found: Found = cached(
        sql_query(
            "SELECT coalesce(bool_or(chair), false) AS chair FROM meeting_invitations WHERE meeting_id = $1 AND notice = $2",
        )
        .bind::<SqlUuid, _>(meeting.id)
        .bind::<SmallInt, _>(meeting.notice),
    )
    .get_result(connection)
    .await?;
    if found.chair {
        return Ok(());
    }
    Err(Problem::new(Code::Conflict).explain(
        "Il comitato non ha il seggio della presidenza: assegnarlo prima di convocarlo.",
        "The committee has no chair's seat: give it before convening.",
    ))
}

async fn set_quorum(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    meeting_id: Uuid,
    quorum: usize,
) -> QueryResult<()> {
    cached(
        sql_query("UPDATE meetings SET quorum = $3 WHERE territory_id = $1 AND id = $2")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(meeting_id)
            .bind::<Integer, _>(i32::try_from(quorum).unwrap_or(i32::MAX)),
    )
    .execute(connection)
    .await?;
    Ok(())
}
