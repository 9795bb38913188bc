use super::LeadKinds;
use crate::{InterventionType, Points};
use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use concilia_kernel::checks;
use concilia_kernel::problem::Text;
use concilia_kernel::{Code, FieldError, Money, Problem, Ratio};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// The act that says what a plan or a call is for, as it is entered.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressDocumentInput {
    /// The act that adopted it.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$",
        example = "Decreto n. 103"
    )]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub act: String,
    /// Date of the act.
    #[schema(pattern = r"^20\d{2}-", example = "2020-02-28")]
    #[validate(custom(function = "checks::day_of_the_century"))]
    pub date: NaiveDate,
}

/// A criterion of the evaluation grid, as it is entered.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CriterionInput {
    /// Its code, unique in the grid.
    #[schema(min_length = 2, max_length = 60, pattern = "^[a-z0-9]+(_[a-z0-9]+)*$", example = "innovation")]
    #[validate(length(min = 2, max = 60), custom(function = "checks::code"))]
    pub code: String,
    /// What is judged.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$",
        example = "Innovatività"
    )]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub title: String,
    /// Most points that it gives, above zero.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 8, example = "10.00",
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,4}\.\d{2})$")]
    #[validate(custom(function = "some_points"))]
    pub maximum: Points,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // validator hands out references
fn some_points(points: &Points) -> Result<(), ValidationError> {
    if points.is_zero() { Err(ValidationError::new("range")) } else { Ok(()) }
}

/// A project call as the agency writes it: the whole of it, at creation and at each change.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "plan_id": "0193a5d0-4444-7000-8000-000000000003", "number": null, "title": "Manifestazione d'interesse 2020",
    "address_document": {"act": "Decreto n. 103", "date": "2020-02-28"}, "budget": "171718.40",
    "opens_at": "2026-03-02T08:00:00Z", "closes_at": "2026-05-15T10:00:00Z", "intervention_types": ["a", "b", "d"],
    "lead_kinds": null, "coordination_limit": "0.15", "cofinancing_minimum": "0.30", "shift_threshold": "0.10",
    "maximum_grant": "40000.00", "minimum_score": null,
    "criteria": [{"code": "innovation", "title": "Innovatività", "maximum": "10.00"}]
}))]
pub struct ProjectCallContent {
    /// Plan that the call carries out.
    pub plan_id: Uuid,
    /// Its number in the territory, which no other call has; null for the next one, or to keep the one it has.
    #[serde(default)]
    #[schema(format = Int32, minimum = 1, maximum = 999)]
    #[validate(range(min = 1, max = 999))]
    pub number: Option<i16>,
    /// Title.
    #[schema(min_length = 1, max_length = 300, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 300), custom(function = "checks::line"))]
    pub title: String,
    /// The address document.
    #[validate(nested)]
    pub address_document: AddressDocumentInput,
    /// EUR to be allocated among its projects; not above what the plan has for local alliances.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, example = "171718.40",
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$")]
    #[validate(custom(function = "checks::positive"))]
    pub budget: Money,
    /// From when projects are submitted.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::instant_of_the_century"))]
    pub opens_at: DateTime<Utc>,
    /// From when projects are no longer submitted; after `opens_at`.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::instant_of_the_century"))]
    pub closes_at: DateTime<Utc>,
    /// Types of intervention that a project may name, each once.
    #[schema(value_type = std::collections::HashSet<InterventionType>, min_items = 1, max_items = 6)]
    #[validate(length(min = 1, max = 6), custom(function = "distinct_types"))]
    pub intervention_types: Vec<InterventionType>,
    /// Who may lead an alliance; null for what the territory's settings say.
    #[serde(default)]
    pub lead_kinds: Option<LeadKinds>,
    /// Greatest share of a project's total that coordination, monitoring and reporting may take.
    #[serde(default = "fifteen_percent")]
    #[schema(default = "0.15")]
    pub coordination_limit: Ratio,
    /// Least share of a project's total that its co-financing must reach; the amount it makes is cut to the cent.
    #[serde(default = "thirty_percent")]
    #[schema(default = "0.30")]
    pub cofinancing_minimum: Ratio,
    /// Share of a cost item above which a shift to another needs approval.
    #[serde(default = "ten_percent")]
    #[schema(default = "0.10")]
    pub shift_threshold: Ratio,
    /// Most EUR that a project may ask for, not above the budget; null for no limit.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "decimal", min_length = 4, max_length = 13, example = "40000.00",
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$")]
    #[validate(custom(function = "checks::positive"))]
    pub maximum_grant: Option<Money>,
    /// Least final score with which a project may be funded, not above the sum of the maxima; null for none.
    #[serde(default)]
    pub minimum_score: Option<Points>,
    /// The evaluation grid, in its order; no code twice, the maxima at most 99999.99 together.
    #[schema(min_items = 1, max_items = 30)]
    #[validate(length(min = 1, max = 30), nested)]
    pub criteria: Vec<CriterionInput>,
}

fn hundredths(value: i64) -> Ratio {
    Ratio::hundredths(value).unwrap_or_default()
}

fn fifteen_percent() -> Ratio {
    hundredths(15)
}

fn thirty_percent() -> Ratio {
    hundredths(30)
}

fn ten_percent() -> Ratio {
    hundredths(10)
}

fn distinct_types(types: &[InterventionType]) -> Result<(), ValidationError> {
    checks::distinct(types)
}

impl ProjectCallContent {
    /// Instants as PostgreSQL keeps them.
    pub(crate) fn cut_instants(&mut self) {
        self.opens_at = self.opens_at.trunc_subsecs(6);
        self.closes_at = self.closes_at.trunc_subsecs(6);
    }

    /// The rules that look at several fields together.
    pub(crate) fn check_together(&self) -> Result<(), Problem> {
        let mut errors = vec![];
        if self.closes_at <= self.opens_at {
            errors.push(FieldError::pointer("/closes_at", "date_order").value(self.closes_at.to_rfc3339()));
        }
        if let Some(grant) = self.maximum_grant.filter(|grant| *grant > self.budget) {
            errors.push(FieldError::pointer("/maximum_grant", "range").value(grant.to_string()).explain(
                &Text::new(
                    "il contributo massimo supera il budget dell'avviso",
                    "the maximum grant is above the call's budget",
                ),
            ));
        }
        for (at, criterion) in self.criteria.iter().enumerate() {
            if self.criteria[..at].iter().any(|other| other.code == criterion.code) {
                let pointer = format!("/criteria/{at}/code");
                errors.push(FieldError::pointer(pointer, "duplicate").value(criterion.code.as_str()));
            }
        }
        let maximum: rust_decimal::Decimal = self.criteria.iter().map(|c| c.maximum.decimal()).sum();
        if maximum > rust_decimal::Decimal::new(9_999_999, 2) {
            errors.push(FieldError::pointer("/criteria", "range").value(maximum.to_string()));
        }
        if let Some(score) = self.minimum_score.filter(|score| score.decimal() > maximum) {
            errors.push(FieldError::pointer("/minimum_score", "range").value(score.to_string()).explain(
                &Text::new(
                    "il punteggio minimo supera la somma dei massimi della griglia",
                    "the minimum score is above the sum of the grid's maxima",
                ),
            ));
        }
        if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::ValidationFailed).with_errors(errors)) }
    }
}
