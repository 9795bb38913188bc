//! What minutes say, as it stood when they were made.

use crate::meetings::{AgendaItem, MeetingRow, agenda_of, invitations_of, stays};
use crate::motions::{self, Motion};
use crate::people::People;
use crate::rules::attendance::Capacity;
use crate::rules::states::BodyKind;
use chrono::{DateTime, Utc};
use concilia_kernel::Problem;
use diesel_async::AsyncPgConnection;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// What minutes say.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MinutesContent {
    /// Kind of the body.
    pub body_kind: BodyKind,
    /// Name of the body.
    #[schema(min_length = 1, max_length = 200)]
    pub body_name: String,
    /// When the meeting began.
    pub starts_at: DateTime<Utc>,
    /// Where, in presence.
    #[schema(required, max_length = 300)]
    pub place: Option<String>,
    /// Where, online.
    #[schema(required, max_length = 500)]
    pub online_link: Option<String>,
    /// When the last notice was sent.
    pub sent_at: DateTime<Utc>,
    /// How many were invited.
    #[schema(minimum = 0)]
    pub invited: i64,
    /// Seats that had to be represented to decide; null where the body does not vote.
    #[schema(required, format = Int32, minimum = 1)]
    pub quorum: Option<i32>,
    /// Who was there, in the order of arrival.
    #[schema(min_items = 0, max_items = 5000)]
    pub presences: Vec<MinutesPresence>,
    /// The agenda with what was said and decided.
    #[schema(min_items = 1, max_items = 50)]
    pub items: Vec<MinutesItem>,
}

/// Somebody who was at a meeting.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MinutesPresence {
    /// The seat or the organisation.
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// In what capacity.
    pub capacity: Capacity,
    /// The person, where it is known.
    #[schema(required, max_length = 200)]
    pub person: Option<String>,
    /// When they came.
    pub arrived_at: DateTime<Utc>,
    /// When they left; null for those who stayed to the end.
    #[schema(required)]
    pub left_at: Option<DateTime<Utc>>,
}

/// An item of the agenda in minutes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MinutesItem {
    /// The item.
    pub item: AgendaItem,
    /// What was said.
    #[schema(required, max_length = 20000)]
    pub text: Option<String>,
    /// What was put to the vote, and how it was decided.
    #[schema(min_items = 0, max_items = 200)]
    pub motions: Vec<Motion>,
}

/// Gathers what was recorded of a meeting that the transaction holds, with what the caller writes of each item.
pub(super) async fn gather(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    meeting: &MeetingRow,
    mut texts: HashMap<i16, String>,
) -> Result<MinutesContent, Problem> {
    let agenda = agenda_of(connection, territory_id, meeting.id).await?;
    let invited = invitations_of(connection, territory_id, meeting.id, meeting.notice).await?;
    let stays = stays(connection, territory_id, meeting.id).await?;
    let people = People::load(connection, territory_id, stays.iter().map(|stay| stay.account_id)).await?;
    let names: HashMap<Uuid, &str> = invited.iter().map(|one| (one.id, one.name.as_str())).collect();
    let presences = stays.iter().map(|stay| MinutesPresence {
        name: names.get(&stay.invitation_id).copied().unwrap_or_default().to_owned(),
        capacity: stay.capacity,
        person: people.name(stay.account_id).map(|person| person.name).or_else(|| stay.delegate_name.clone()),
        arrived_at: stay.arrived_at,
        left_at: stay.left_at,
    });
    let presences = presences.collect();
    let mut motions = motions::of_meeting(connection, territory_id, meeting.id).await?;
    let item = |item: AgendaItem| {
        let (own, others) = std::mem::take(&mut motions).into_iter().partition(|m| m.agenda_item == item.position);
        motions = others;
        MinutesItem { text: texts.remove(&item.position), motions: own, item }
    };
    Ok(MinutesContent {
        body_kind: meeting.body_kind,
        body_name: meeting.body_name.clone(),
        starts_at: meeting.starts_at,
        place: meeting.place.clone(),
        online_link: meeting.online_link.clone(),
        sent_at: meeting.sent_at,
        invited: i64::try_from(invited.len()).unwrap_or(i64::MAX),
        quorum: meeting.quorum,
        presences,
        items: agenda.into_iter().map(item).collect(),
    })
}
