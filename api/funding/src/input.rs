//! What several operations ask of their callers.

use chrono::NaiveDate;
use concilia_kernel::checks;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// Why something is done.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FundingReason, example = json!({"reason": "Il partner principale si è ritirato"}))]
pub struct Reason {
    /// The reason, kept in the history.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub reason: String,
}

/// The act by which the agency decides.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FundingAct, example = json!({"act": "Decreto n. 412", "act_date": "2026-06-18"}))]
pub struct Act {
    /// The act, with its number.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$",
        example = "Decreto n. 412"
    )]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub act: String,
    /// Date of the act; not in the future.
    #[schema(pattern = r"^20\d{2}-", example = "2026-06-18")]
    #[validate(custom(function = "checks::past_day"))]
    pub act_date: NaiveDate,
}
