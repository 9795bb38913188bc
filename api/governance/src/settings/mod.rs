//! The terms by which a territory's bodies work.

pub mod get_governance_settings;
mod queries;
pub mod update_governance_settings;

pub(crate) use queries::find;

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, SmallInt};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// The terms by which a territory's bodies work: those of the field, or stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, QueryableByName, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "committee_notice_days": 5, "assembly_notice_days": 10, "opinion_notice_days": 15, "minutes_days": 10,
    "committee_meetings": 2, "assembly_meetings": 1
}))]
pub struct GovernanceSettings {
    /// Least days from sending the committee's invitations to the meeting, as calendars in Italy count them (Europe/Rome),
    /// that of sending not counted.
    #[diesel(sql_type = SmallInt)]
    #[schema(format = Int32, minimum = 5, maximum = 60)]
    #[validate(range(min = 5, max = 60))]
    pub committee_notice_days: i16,
    /// The same for the assembly.
    #[diesel(sql_type = SmallInt)]
    #[schema(format = Int32, minimum = 10, maximum = 60)]
    #[validate(range(min = 10, max = 60))]
    pub assembly_notice_days: i16,
    /// Least days, counted alike, from the filing of a request for an opinion to the assembly that answers it.
    #[diesel(sql_type = SmallInt)]
    #[schema(format = Int32, minimum = 15, maximum = 90)]
    #[validate(range(min = 15, max = 90))]
    pub opinion_notice_days: i16,
    /// Days in which those who were at a meeting may answer its minutes; silence agrees.
    #[diesel(sql_type = SmallInt)]
    #[schema(format = Int32, minimum = 0, maximum = 90)]
    #[validate(range(min = 0, max = 90))]
    pub minutes_days: i16,
    /// Least meetings of the committee in a calendar year.
    #[diesel(sql_type = SmallInt)]
    #[schema(format = Int32, minimum = 2, maximum = 50)]
    #[validate(range(min = 2, max = 50))]
    pub committee_meetings: i16,
    /// Least meetings of the assembly in a calendar year.
    #[diesel(sql_type = SmallInt)]
    #[schema(format = Int32, minimum = 1, maximum = 50)]
    #[validate(range(min = 1, max = 50))]
    pub assembly_meetings: i16,
}

impl Default for GovernanceSettings {
    fn default() -> Self {
        Self {
            committee_notice_days: 5,
            assembly_notice_days: 10,
            opinion_notice_days: 15,
            minutes_days: 10,
            committee_meetings: 2,
            assembly_meetings: 1,
        }
    }
}

/// The terms with their version; 1 is of the defaults.
#[derive(Debug, QueryableByName)]
pub(crate) struct Versioned {
    #[diesel(embed)]
    pub settings: GovernanceSettings,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}
