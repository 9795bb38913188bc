use super::{PERSON_SEAL, Participant};
use crate::rules::states::SignUpState;
use chrono::{DateTime, Utc};
use concilia_kernel::Problem;
use concilia_kernel::vault::Vault;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Somebody's sign-up to an event, as those who made it and the agency see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-6005-7000-8000-000000000001", "event_id": "0193a5d0-6004-7000-8000-000000000001",
    "organisation_id": null, "participant": {"name": "Anna Bianchi", "email": "anna.bianchi@example.it"},
    "state": "confirmed", "waiting_position": null, "online_url": null, "certificate_number": null,
    "created_at": "2027-02-02T09:00:00Z"
}))]
pub struct EventSignUp {
    /// Identifier.
    pub id: Uuid,
    /// The event.
    pub event_id: Uuid,
    /// On whose behalf an officer signed the person up; null when people sign up themselves.
    #[schema(required)]
    pub organisation_id: Option<Uuid>,
    /// Who takes part.
    pub participant: Participant,
    pub state: SignUpState,
    /// Place in the waiting list, from 1; null for others.
    #[schema(required, format = Int32, minimum = 1)]
    pub waiting_position: Option<i32>,
    /// Link to take part on line, for those who have a place; null where there is none.
    #[schema(required, min_length = 1, max_length = 500)]
    pub online_url: Option<String>,
    /// Number of the certificate, in the year of its issue; null without one.
    #[schema(required, min_length = 11, max_length = 11, pattern = r"^\d{4}/\d{6}$", example = "2027/000012")]
    pub certificate_number: Option<String>,
    /// When the person was signed up.
    pub created_at: DateTime<Utc>,
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

/// A sign-up as it is stored.
#[derive(QueryableByName)]
pub struct SealedSignUp {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub event_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub organisation_id: Option<Uuid>,
    #[diesel(sql_type = Binary)]
    pub person_sealed: Vec<u8>,
    #[diesel(sql_type = Text)]
    pub state: SignUpState,
    #[diesel(sql_type = Nullable<Integer>)]
    pub waiting_position: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    pub online_url: Option<String>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub certificate_year: Option<i16>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub certificate_ordinal: Option<i32>,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}

impl SealedSignUp {
    pub fn opened(self, vault: &Vault) -> Result<EventSignUp, Problem> {
        let certificate = self.certificate_year.zip(self.certificate_ordinal);
        Ok(EventSignUp {
            participant: vault.open_json(PERSON_SEAL, &self.person_sealed)?,
            id: self.id,
            event_id: self.event_id,
            organisation_id: self.organisation_id,
            state: self.state,
            waiting_position: self.waiting_position,
            online_url: self.online_url,
            certificate_number: certificate.map(|(year, ordinal)| format!("{year:04}/{ordinal:06}")),
            created_at: self.created_at,
            version: self.version,
        })
    }
}
