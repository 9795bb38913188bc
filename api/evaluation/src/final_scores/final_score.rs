use chrono::{DateTime, NaiveDate, Utc};
use concilia_planning::Points;
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Date, Nullable, Numeric, SmallInt, Text, Timestamptz};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The minutes in which the committee's decision is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, QueryableByName, ToSchema)]
pub struct ScoreMinutes {
    /// Number of the minutes, or of the act that adopts them.
    #[diesel(sql_type = Text, column_name = minutes_act)]
    #[schema(min_length = 1, max_length = 200, example = "Verbale n. 2")]
    pub act: String,
    /// Date of the minutes.
    #[diesel(sql_type = Date, column_name = minutes_date)]
    #[schema(example = "2020-06-10")]
    pub date: NaiveDate,
}

/// A final score of the committee.
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-5555-7000-8000-000000000005", "project_id": "0193a5d0-4444-7000-8000-000000000009",
    "reference": "2.5", "number": 1, "score": "57.00", "minutes": {"act": "Verbale n. 2", "date": "2020-06-10"},
    "meeting_id": null, "correction_reason": null, "superseded": false, "recorded_at": "2020-06-11T08:00:00Z"
}))]
pub struct FinalScore {
    /// Identifier of the score.
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub id: Uuid,
    /// Project.
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub project_id: Uuid,
    /// The project's number in the plan.
    #[diesel(sql_type = Text)]
    #[schema(min_length = 1, max_length = 40, example = "2.5")]
    pub reference: String,
    /// 1 for the project's first score, then 2, 3 and so on for its corrections.
    #[diesel(sql_type = SmallInt)]
    #[schema(format = Int32, minimum = 1, maximum = 32_767)]
    pub number: i16,
    /// Points.
    #[diesel(sql_type = Numeric)]
    pub score: Points,
    /// Where the committee decided it.
    #[diesel(embed)]
    pub minutes: ScoreMinutes,
    /// Meeting of the committee, where it is recorded here.
    #[diesel(sql_type = Nullable<diesel::sql_types::Uuid>)]
    #[schema(required)]
    pub meeting_id: Option<Uuid>,
    /// Why it corrects the one before; null for a first score.
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(required, min_length = 1, max_length = 1000)]
    pub correction_reason: Option<String>,
    /// Whether a later score corrects it.
    #[diesel(sql_type = Bool)]
    pub superseded: bool,
    /// When it was recorded.
    #[diesel(sql_type = Timestamptz)]
    pub recorded_at: DateTime<Utc>,
}
