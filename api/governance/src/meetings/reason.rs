use concilia_kernel::checks;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// Why a meeting is called off.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Sede non disponibile"}))]
pub struct MeetingReason {
    /// The reason, kept in the meeting's history.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub reason: String,
}
