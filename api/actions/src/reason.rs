use concilia_kernel::checks;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// Why something that others rely on ends; kept in its history.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ActionReason, example = json!({"reason": "Il relatore non è disponibile."}))]
pub struct Reason {
    /// The reason.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub reason: String,
}
