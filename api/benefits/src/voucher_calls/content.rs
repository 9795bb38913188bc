//! What the lead writes of a call.

use super::voucher_call::VoucherCall;
use crate::rules::share::Share;
use crate::rules::terms::{Criterion, TieBreak, distinct_criteria, distinct_tie_breaks};
use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use concilia_kernel::checks;
use concilia_kernel::clock::italian_day;
use concilia_kernel::problem::Text;
use concilia_kernel::{Code, FieldError, Money, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// A voucher call as its lead writes it: the whole of it, at creation and at each change.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "project_id": "0193a5d0-1111-7000-8000-000000000002",
    "title_it": "Conciliare le responsabilità, prima edizione",
    "title_en": "Reconciling responsibilities, first edition",
    "budget": "144000.00", "first_award_share": "0.50", "value_per_child": "300.00", "household_cap": "900.00",
    "minimum_age": 0, "maximum_age": 16, "admitted_employer_ids": [],
    "criteria": [{"criterion": "child_disability", "points": 40},
                 {"criterion": "isee_up_to", "threshold": "15000.00", "points": 10}],
    "tie_breaks": ["isee_ascending", "submitted_at_ascending"], "spendable_categories": null,
    "opens_at": "2026-03-01T08:00:00Z", "closes_at": "2026-04-01T10:00:00Z", "spend_by": "2026-12-31"
}))]
pub struct VoucherCallContent {
    /// Funded project whose money is awarded; cannot change later.
    pub project_id: Uuid,
    /// Title in Italian.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub title_it: String,
    /// Title in English.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub title_en: String,
    /// EUR that the call may award in all.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, example = "144000.00",
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$")]
    #[validate(custom(function = "checks::positive"))]
    pub budget: Money,
    /// Share of the budget that the first ranking may award; all of it unless told.
    #[serde(default)]
    #[schema(default = "1.00")]
    pub first_award_share: Share,
    /// EUR of a voucher.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, example = "300.00",
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$")]
    #[validate(custom(function = "checks::positive"))]
    pub value_per_child: Money,
    /// EUR that one household may get at most, not less than `value_per_child`; null for no cap.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "decimal", min_length = 4, max_length = 13, example = "900.00",
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$")]
    #[validate(custom(function = "checks::positive"))]
    pub household_cap: Option<Money>,
    /// Least age admitted, in whole years on the day the call closes (in Italy).
    #[schema(format = Int32, minimum = 0, maximum = 120)]
    #[validate(range(min = 0, max = 120))]
    pub minimum_age: i16,
    /// Greatest age admitted, in whole years on the day the call closes (in Italy); not below `minimum_age`.
    #[schema(format = Int32, minimum = 0, maximum = 120)]
    #[validate(range(min = 0, max = 120))]
    pub maximum_age: i16,
    /// Employers whose people may apply; none listed means every employer of the territory.
    #[serde(default)]
    #[schema(value_type = std::collections::HashSet<Uuid>, min_items = 0, max_items = 500)]
    #[validate(length(max = 500), custom(function = "distinct_employers"))]
    pub admitted_employer_ids: Vec<Uuid>,
    /// Criteria that give points, each once; `isee_up_to` once for each threshold.
    #[schema(min_items = 0, max_items = 20)]
    #[validate(length(max = 20), custom(function = "distinct_criteria"), nested)]
    pub criteria: Vec<Criterion>,
    /// How equal points are ordered, first things first, each once; then by protocol number and line.
    #[schema(value_type = std::collections::HashSet<TieBreak>, min_items = 0, max_items = 3)]
    #[validate(length(max = 3), custom(function = "distinct_tie_breaks"))]
    pub tie_breaks: Vec<TieBreak>,
    /// Codes of the service categories it may be spent on; null for all those of the project's store.
    #[serde(default)]
    #[schema(schema_with = category_codes_or_null)]
    #[validate(length(min = 1, max = 50), custom(function = "category_codes"))]
    pub spendable_categories: Option<Vec<String>>,
    /// From when applications are taken.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::instant_of_the_century"))]
    pub opens_at: DateTime<Utc>,
    /// From when applications are no longer taken; after `opens_at`.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::instant_of_the_century"))]
    pub closes_at: DateTime<Utc>,
    /// Last day on which vouchers may be spent; after the day of `closes_at`.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::day_of_the_century"))]
    pub spend_by: NaiveDate,
}

/// The schema of what `category_codes` takes.
fn category_codes_or_null() -> Schema {
    let code = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(2))
        .max_length(Some(60))
        .pattern(Some("^[a-z0-9]+(_[a-z0-9]+)*$"));
    ArrayBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Array, Type::Null]))
        .items(code)
        .min_items(Some(1))
        .max_items(Some(50))
        .description(Some(
            "Codes of the service categories it may be spent on; null for all those of the project's store.",
        ))
        .into()
}

/// Codes of service categories, each `^[a-z0-9]+(_[a-z0-9]+)*$` of 2 to 60 characters, none repeated.
fn category_codes(codes: &[String]) -> Result<(), ValidationError> {
    if codes.iter().any(|code| !(2..=60).contains(&code.len())) {
        return Err(ValidationError::new("pattern"));
    }
    codes.iter().try_for_each(|code| checks::code(code))?;
    checks::distinct(codes)
}

fn distinct_employers(ids: &[Uuid]) -> Result<(), ValidationError> {
    checks::distinct(ids)
}

impl VoucherCallContent {
    /// Instants as PostgreSQL keeps them.
    pub fn to_microseconds(&mut self) {
        self.opens_at = self.opens_at.trunc_subsecs(6);
        self.closes_at = self.closes_at.trunc_subsecs(6);
    }

    /// The rules that look at several fields together.
    pub fn check_together(&self) -> Result<(), Problem> {
        let mut errors = vec![];
        if self.household_cap.is_some_and(|cap| cap < self.value_per_child) {
            errors.push(FieldError::pointer("/household_cap", "range").explain(&Text::new(
                "il massimo per nucleo è inferiore al valore per figlio",
                "the household's cap is below the value per child",
            )));
        }
        if self.maximum_age < self.minimum_age {
            errors.push(FieldError::pointer("/maximum_age", "age_order").value(self.maximum_age));
        }
        if self.closes_at <= self.opens_at {
            errors.push(FieldError::pointer("/closes_at", "date_order").value(self.closes_at.to_rfc3339()));
        }
        if self.spend_by <= italian_day(self.closes_at) {
            errors.push(FieldError::pointer("/spend_by", "date_order").value(self.spend_by.to_string()).explain(
                &Text::new(
                    "il termine di spesa non è successivo alla chiusura dell'avviso",
                    "the spend-by date is not after the call's closing",
                ),
            ));
        }
        if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::ValidationFailed).with_errors(errors)) }
    }

    /// Refuses a change of what cannot change.
    pub fn check_against(&self, call: &VoucherCall) -> Result<(), Problem> {
        if self.project_id == call.project_id {
            return Ok(());
        }
        Err(Problem::invalid("/project_id", "immutable"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn content(change: impl FnOnce(&mut Value)) -> Result<VoucherCallContent, serde_json::Error> {
        let mut value = json!({
            "project_id": Uuid::nil(), "title_it": "Avviso", "title_en": "Call", "budget": "144000.00",
            "value_per_child": "300.00", "minimum_age": 0, "maximum_age": 16,
            "criteria": [{"criterion": "child_disability", "points": 40}], "tie_breaks": ["isee_ascending"],
            "opens_at": "2026-03-01T08:00:00Z", "closes_at": "2026-04-01T10:00:00Z", "spend_by": "2026-12-31",
        });
        change(&mut value);
        serde_json::from_value(value)
    }

    fn accepted(change: impl FnOnce(&mut Value)) -> bool {
        content(change).is_ok_and(|content| content.validate().is_ok() && content.check_together().is_ok())
    }

    #[test]
    fn a_call_may_leave_out_what_has_a_default() {
        let content = content(|_| ()).unwrap();
        assert_eq!(content.first_award_share, Share::WHOLE);
        assert!(accepted(|_| ()));
    }

    #[test]
    fn each_rule_of_the_content_is_held() {
        let broken: &[(&str, Value)] = &[
            ("title_it", json!(" ")),
            ("budget", json!("0.00")),
            ("budget", json!("-1.00")),
            ("first_award_share", json!("0.00")),
            ("household_cap", json!("299.99")),
            ("maximum_age", json!(121)),
            ("minimum_age", json!(17)),
            ("criteria", json!([{"criterion": "shift_work", "points": 0}])),
            ("criteria", json!([{"criterion": "shift_work", "points": 1001}])),
            ("criteria", json!([{"criterion": "shift_work", "points": 1, "threshold": "1.00"}])),
            ("criteria", json!([{"criterion": "isee_up_to", "points": 1}])),
            ("criteria", json!([{"criterion": "isee_up_to", "points": 1, "threshold": "-1.00"}])),
            (
                "criteria",
                json!([{"criterion": "shift_work", "points": 1}, {"criterion": "shift_work", "points": 2}]),
            ),
            ("tie_breaks", json!(["isee_ascending", "isee_ascending"])),
            ("spendable_categories", json!(["After School"])),
            ("spendable_categories", json!([])),
            ("closes_at", json!("2026-03-01T08:00:00Z")),
            ("opens_at", json!("0001-01-01T00:00:00Z")),
            ("spend_by", json!("2026-04-01")),
            ("unheard", json!(1)),
        ];
        for (field, value) in broken {
            assert!(!accepted(|call| call[*field] = value.clone()), "{field} = {value}");
        }
    }

    #[test]
    fn isee_may_give_points_by_bands() {
        let band =
            |threshold, points| json!({"criterion": "isee_up_to", "threshold": threshold, "points": points});
        assert!(accepted(|call| call["criteria"] = json!([band("10000.00", 10), band("20000.00", 5)])));
        assert!(!accepted(|call| call["criteria"] = json!([band("10000.00", 10), band("10000.00", 5)])));
    }
}
