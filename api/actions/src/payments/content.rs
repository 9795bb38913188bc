//! What an officer records of a payment.

use chrono::NaiveDate;
use concilia_kernel::{Money, checks};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// A payment of an action.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "payee": "Studio Conciliare S.r.l.", "document": "Fattura 12/2021", "document_date": "2021-03-01",
    "paid_on": "2021-03-31", "amount": "1500.00", "note": null
}))]
pub struct NewActionPayment {
    /// Who was paid.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub payee: String,
    /// Kind and number of the document: invoice, receipt, payroll.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub document: String,
    /// Date of the document; not in the future (in Italy).
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::past_day"))]
    pub document_date: NaiveDate,
    /// Day of the payment; not in the future (in Italy).
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::past_day"))]
    pub paid_on: NaiveDate,
    /// EUR paid.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, example = "1500.00",
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$")]
    #[validate(custom(function = "checks::positive"))]
    pub amount: Money,
    /// What else there is to say.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub note: Option<String>,
}

/// Money of a payment that came back.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "document": "Nota di credito 3/2021", "document_date": "2021-04-10", "paid_on": "2021-04-15",
    "amount": "500.00", "note": "Due ore di docenza non svolte"
}))]
pub struct NewActionReversal {
    /// Kind and number of the document: credit note, restitution.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub document: String,
    /// Date of the document; not in the future (in Italy).
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::past_day"))]
    pub document_date: NaiveDate,
    /// Day on which the money came back, or the wrong entry was found; not in the future (in Italy).
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::past_day"))]
    pub paid_on: NaiveDate,
    /// EUR that came back: at most what is left of the payment.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, example = "500.00",
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$")]
    #[validate(custom(function = "checks::positive"))]
    pub amount: Money,
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub note: String,
}
