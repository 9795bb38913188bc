//! A motion as those who may see its meeting do.

use crate::rules::attendance::Capacity;
use crate::rules::states::MotionState;
use crate::rules::vote::{Choice, VoteBasis};
use chrono::{DateTime, Utc};
use concilia_kernel::text_enum;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What the committee votes on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-4444-7000-8000-000000000020", "meeting_id": "0193a5d0-4444-7000-8000-000000000010",
    "agenda_item": 1, "text": "Ammissione del progetto 2.5", "project_id": "0193a5d0-4444-7000-8000-000000000030",
    "state": "carried", "basis": "casting_vote", "present": 8, "recused": 1, "in_favour": 4, "against": 4, "abstained": 0,
    "not_voting": 0, "voted": 8,
    "ballot": [{"invitation_id": "0193a5d0-4444-7000-8000-000000000011", "name": "ATS della Val Padana", "chair": true,
                "part": "voted", "capacity": "titular", "choice": "in_favour"}],
    "recusals": [{"invitation_id": "0193a5d0-4444-7000-8000-000000000012", "account_id": "0193a5d0-4444-7000-8000-000000000005",
                  "organisation_id": "0193a5d0-4444-7000-8000-000000000003", "ground": "role",
                  "found_at": "2026-03-10T09:30:00Z"}],
    "opened_at": "2026-03-10T09:30:00Z", "closed_at": "2026-03-10T09:40:00Z"
}))]
pub struct Motion {
    /// Identifier.
    pub id: Uuid,
    /// The meeting.
    pub meeting_id: Uuid,
    /// The item of its agenda.
    #[schema(format = Int32, minimum = 1, maximum = 50)]
    pub agenda_item: i16,
    /// What is put to the vote.
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
    /// The project it is about: whoever has a conflict of interest with it is recused.
    #[schema(required)]
    pub project_id: Option<Uuid>,
    /// Where it stands.
    pub state: MotionState,
    /// Why it was carried or rejected; null while it is open, as the counts and the ballot are.
    #[schema(required)]
    pub basis: Option<VoteBasis>,
    /// Seats represented, without the recused: a majority is more than half of them.
    #[schema(required, format = Int32, minimum = 0)]
    pub present: Option<i16>,
    /// Seats represented by somebody who was recused.
    #[schema(required, format = Int32, minimum = 0)]
    pub recused: Option<i16>,
    /// Votes in favour.
    #[schema(required, format = Int32, minimum = 0)]
    pub in_favour: Option<i16>,
    /// Votes against.
    #[schema(required, format = Int32, minimum = 0)]
    pub against: Option<i16>,
    /// Abstentions.
    #[schema(required, format = Int32, minimum = 0)]
    pub abstained: Option<i16>,
    /// Seats represented, not recused, that did not vote.
    #[schema(required, format = Int32, minimum = 0)]
    pub not_voting: Option<i16>,
    /// Votes cast so far.
    #[schema(minimum = 0)]
    pub voted: i64,
    /// What each seat did; null while it is open.
    #[schema(required, min_items = 0, max_items = 200)]
    pub ballot: Option<Vec<BallotEntry>>,
    /// Who was found to have a conflict of interest, and why.
    #[schema(min_items = 0, max_items = 1000)]
    pub recusals: Vec<MotionRecusal>,
    /// When it was put to the vote.
    pub opened_at: DateTime<Utc>,
    /// When it was decided; null while it is open.
    #[schema(required)]
    pub closed_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

text_enum! {
    /// What a seat did in a vote.
    pub enum Part {
        /// Voted, or abstained.
        Voted = "voted",
        /// Was there and did not vote.
        NotVoting = "not_voting",
        /// Was represented by somebody with a conflict of interest: not counted as present.
        Recused = "recused",
        /// Was not represented.
        Absent = "absent",
    }
}

/// What a seat did in a vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BallotEntry {
    /// The invitation of the seat.
    pub invitation_id: Uuid,
    /// Name of the seat.
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// Whether it is the chair's.
    pub chair: bool,
    /// What it did.
    pub part: Part,
    /// Who was there for it; null when nobody was.
    #[schema(required)]
    pub capacity: Option<Capacity>,
    /// Its vote; null when it did not vote.
    #[schema(required)]
    pub choice: Option<Choice>,
}

text_enum! {
    /// Why somebody is recused from a motion about a project.
    pub enum RecusalGround {
        /// Their seat is of an organisation of the project.
        Seat = "seat",
        /// They hold a role for one.
        Role = "role",
        /// They work for one.
        Employer = "employer",
    }
}

/// A conflict of interest that the system found.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MotionRecusal {
    /// The invitation of the seat.
    pub invitation_id: Uuid,
    /// The person.
    pub account_id: Uuid,
    /// The organisation of the project.
    pub organisation_id: Uuid,
    /// Why.
    pub ground: RecusalGround,
    /// When it was found.
    pub found_at: DateTime<Utc>,
}
