//! What a notice says.

use chrono::{DateTime, Datelike, SubsecRound, Utc};
use concilia_kernel::Problem;
use concilia_kernel::checks;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// A meeting to convene.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "starts_at": "2026-12-20T09:00:00Z", "duration_minutes": 120, "place": "Mantova, via dei Toscani 1",
    "online_link": null, "agenda": [{"title": "Valutazione dei progetti", "description": null, "project_id": null}]
}))]
pub struct ConveneMeeting {
    /// When it begins.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "instant_of_the_century"))]
    pub starts_at: DateTime<Utc>,
    /// When the invitations went out, where that was by other means, such as certified mail, before the meeting was
    /// entered; now unless told. Never in the future, and at most 90 days ago. The history says who entered it, and when.
    #[serde(default)]
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "instant_of_the_century"))]
    pub sent_at: Option<DateTime<Utc>>,
    /// Minutes it is expected to take; 120 unless told.
    #[serde(default = "two_hours")]
    #[schema(format = Int32, minimum = 15, maximum = 600, default = 120)]
    #[validate(range(min = 15, max = 600))]
    pub duration_minutes: i16,
    /// Where it is held in presence; required when there is no online link.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 300), custom(function = "checks::line"))]
    pub place: Option<String>,
    /// Where it is held online.
    #[serde(default)]
    #[schema(min_length = 9, max_length = 500, pattern = r"^https://[!-~]+$")]
    #[validate(length(min = 9, max = 500), custom(function = "https_link"))]
    pub online_link: Option<String>,
    /// What is on the agenda, in order.
    #[schema(min_items = 1, max_items = 50)]
    #[validate(length(min = 1, max = 50), nested)]
    pub agenda: Vec<NewAgendaItem>,
}

/// An item for the agenda.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAgendaItem {
    /// Title.
    #[schema(min_length = 1, max_length = 300, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 300), custom(function = "checks::line"))]
    pub title: String,
    /// More about it, of one or more lines.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 4000), custom(function = "checks::text"))]
    pub description: Option<String>,
    /// The project it is about: the motions on it are too.
    #[serde(default)]
    pub project_id: Option<Uuid>,
}

/// Another date or place for a meeting.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "starts_at": "2026-12-22T09:00:00Z", "place": "Cremona, via San Sebastiano 14", "online_link": null,
    "reason": "Sede non disponibile"
}))]
pub struct RescheduleMeeting {
    /// When it begins.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "instant_of_the_century"))]
    pub starts_at: DateTime<Utc>,
    /// Where it is held in presence; required when there is no online link.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 300), custom(function = "checks::line"))]
    pub place: Option<String>,
    /// Where it is held online.
    #[serde(default)]
    #[schema(min_length = 9, max_length = 500, pattern = r"^https://[!-~]+$")]
    #[validate(length(min = 9, max = 500), custom(function = "https_link"))]
    pub online_link: Option<String>,
    /// Why it is moved.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub reason: String,
}

fn two_hours() -> i16 {
    120
}

/// An instant whose day, as written, is of this century: `^20\d{2}-`. An offset may move it by hours.
fn instant_of_the_century(instant: &DateTime<Utc>) -> Result<(), ValidationError> {
    if (1999..=2100).contains(&instant.year()) { Ok(()) } else { Err(ValidationError::new("range")) }
}

/// An address on the web: `^https://[!-~]+$`.
fn https_link(link: &str) -> Result<(), ValidationError> {
    let rest = link.strip_prefix("https://").unwrap_or_default();
    let good = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic());
    if good { Ok(()) } else { Err(ValidationError::new("pattern")) }
}

/// When and where, as PostgreSQL keeps it. A meeting is somewhere.
#[allow(clippy::type_complexity, reason = "when, where, where on line")]
pub(super) fn when_and_where<'a>(
    starts_at: DateTime<Utc>,
    place: Option<&'a str>,
    online_link: Option<&'a str>,
) -> Result<(DateTime<Utc>, Option<&'a str>, Option<&'a str>), Problem> {
    if place.is_none() && online_link.is_none() {
        return Err(Problem::invalid("/place", "required"));
    }
    Ok((starts_at.trunc_subsecs(6), place.map(str::trim), online_link))
}
