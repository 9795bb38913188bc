use super::token;
use crate::rules::kinds::{QuestionKind, QuestionnaireAudience};
use crate::rules::states::QuestionnaireState;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::db::Gathered;
use concilia_kernel::vault::Vault;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A questionnaire.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-6008-7000-8000-000000000001", "organisation_id": "0193a5d0-6001-7000-8000-000000000003",
    "action_id": null, "event_id": null, "audience": "workers", "state": "open",
    "title": "Quanto ti ha aiutato il voucher?", "description": "Cinque minuti, in forma anonima.",
    "questions": [{"position": 1, "kind": "rating", "question": "Quanto sei soddisfatta o soddisfatto?", "options": [],
                   "required": true}],
    "link": null, "closed_on": null, "created_at": "2021-05-01T08:00:00Z"
}))]
pub struct Questionnaire {
    /// Identifier.
    pub id: Uuid,
    /// Organisation that asks.
    pub organisation_id: Uuid,
    /// The action that it is about; null for none.
    #[schema(required)]
    pub action_id: Option<Uuid>,
    /// The event whose participants it asks; null for other audiences.
    #[schema(required)]
    pub event_id: Option<Uuid>,
    pub audience: QuestionnaireAudience,
    pub state: QuestionnaireState,
    /// What it is called.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// What it is for.
    #[schema(min_length = 1, max_length = 2000)]
    pub description: String,
    /// Its questions, in order.
    #[schema(min_items = 1, max_items = 50)]
    pub questions: Vec<Question>,
    /// What the public link must carry to get a token; shown to those who ask, null for other audiences.
    #[schema(required, min_length = 22, max_length = 22, pattern = "^[A-Za-z0-9_-]+$")]
    pub link: Option<String>,
    /// Day on which it was closed (in Italy); null before.
    #[schema(required)]
    pub closed_on: Option<NaiveDate>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

/// A question with its place.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Question {
    /// Its place, from 1.
    #[schema(format = Int32, minimum = 1, maximum = 50)]
    pub position: i16,
    pub kind: QuestionKind,
    /// The question.
    #[schema(min_length = 1, max_length = 500)]
    pub question: String,
    /// What to choose from; answers name an option by its place, from 1.
    #[schema(min_items = 0, max_items = 20)]
    pub options: Vec<String>,
    /// Whether it must be answered.
    pub required: bool,
}

/// A questionnaire with what only the rules look at.
#[derive(Debug, Clone, QueryableByName)]
pub struct StoredQuestionnaire {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub territory_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub organisation_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub action_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub event_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    pub audience: QuestionnaireAudience,
    #[diesel(sql_type = Text)]
    pub state: QuestionnaireState,
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = Text)]
    pub description: String,
    #[diesel(sql_type = Jsonb)]
    pub questions: Gathered<Vec<Question>>,
    /// How many were given: never shown below five, nor by themselves.
    #[diesel(sql_type = Integer)]
    pub answers: i32,
    /// How many the results held when last looked at while it was open.
    #[diesel(sql_type = Integer)]
    pub answers_shown: i32,
    #[diesel(sql_type = Nullable<Date>)]
    pub closed_on: Option<NaiveDate>,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}

impl StoredQuestionnaire {
    /// As those who ask see it.
    pub fn for_author(self, vault: &Vault) -> Questionnaire {
        let is_public = self.audience == QuestionnaireAudience::PublicLink;
        let link = is_public.then(|| token::link(vault, self.territory_id, self.id));
        self.shown(link)
    }

    /// As everybody else sees it.
    pub fn for_others(self) -> Questionnaire {
        self.shown(None)
    }

    fn shown(self, link: Option<String>) -> Questionnaire {
        Questionnaire {
            id: self.id,
            organisation_id: self.organisation_id,
            action_id: self.action_id,
            event_id: self.event_id,
            audience: self.audience,
            state: self.state,
            title: self.title,
            description: self.description,
            questions: self.questions.0,
            link,
            closed_on: self.closed_on,
            created_at: self.created_at,
        }
    }
}
