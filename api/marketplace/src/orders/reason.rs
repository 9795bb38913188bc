use crate::family_plans::plain_text;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// Why an order ends.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderReason {
    /// Shown to the family and the provider, and kept in the history. Say of health only what they must know.
    #[schema(
        min_length = 1,
        max_length = 500,
        pattern = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+$",
        example = "Il gruppo è al completo."
    )]
    #[validate(length(min = 1, max = 500), custom(function = "plain_text"))]
    pub reason: String,
}
