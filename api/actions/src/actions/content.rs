//! What the agency writes of an action.

use super::action::{Action, ActionCofinancing, ActionYear};
use crate::queries::actions::PlanShare;
use crate::rules::kinds::ActionKind;
use concilia_kernel::problem::Text;
use concilia_kernel::{Code, FieldError, Money, Problem, checks};
use concilia_planning::InterventionType;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// An action as the agency writes it: the whole of it, at creation and at each change.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "plan_id": "0193a5d0-6001-7000-8000-000000000002", "kind": "system",
    "title": "Formazione alle imprese sul lavoro agile",
    "description": "Seminari e percorsi per le imprese del territorio.", "intervention_types": ["d"],
    "budget": "12000.00",
    "years": [{"year": 2021, "planned": "6000.00", "expected_people": 120, "expected_companies": 10}],
    "cofinancing": [], "project_ids": []
}))]
pub struct ActionContent {
    /// The plan whose resources it uses; cannot change later.
    pub plan_id: Uuid,
    /// Cannot change later.
    pub kind: ActionKind,
    /// What it is called.
    #[schema(min_length = 1, max_length = 300, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 300), custom(function = "checks::line"))]
    pub title: String,
    /// What it does, for whom.
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 4000), custom(function = "checks::text"))]
    pub description: String,
    /// Types of intervention of the plan that it serves, each once.
    #[schema(value_type = std::collections::HashSet<InterventionType>, min_items = 1, max_items = 6)]
    #[validate(length(min = 1, max = 6), custom(function = "distinct_types"))]
    pub intervention_types: Vec<InterventionType>,
    /// EUR it may spend in all. The budgets of a plan's actions are at most what the plan keeps for them.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, example = "12000.00",
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$")]
    #[validate(custom(function = "checks::positive"))]
    pub budget: Money,
    /// What is planned and expected year by year; each year once.
    #[serde(default)]
    #[schema(min_items = 0, max_items = 20)]
    #[validate(length(max = 20), custom(function = "distinct_years"), nested)]
    pub years: Vec<ActionYear>,
    /// What organisations add of their own; each organisation once.
    #[serde(default)]
    #[schema(min_items = 0, max_items = 100)]
    #[validate(length(max = 100), custom(function = "distinct_organisations"), nested)]
    pub cofinancing: Vec<ActionCofinancing>,
    /// Projects whose themes a cross-cutting action ties together: at least two before it starts. None for a system
    /// action.
    #[serde(default)]
    #[schema(value_type = std::collections::HashSet<Uuid>, min_items = 0, max_items = 100)]
    #[validate(length(max = 100), custom(function = "distinct_projects"))]
    pub project_ids: Vec<Uuid>,
}

fn distinct_types(types: &[InterventionType]) -> Result<(), ValidationError> {
    checks::distinct(types)
}

fn distinct_years(years: &[ActionYear]) -> Result<(), ValidationError> {
    checks::distinct(&years.iter().map(|year| year.year).collect::<Vec<_>>())
}

fn distinct_organisations(lines: &[ActionCofinancing]) -> Result<(), ValidationError> {
    checks::distinct(&lines.iter().map(|line| line.organisation_id).collect::<Vec<_>>())
}

fn distinct_projects(ids: &[Uuid]) -> Result<(), ValidationError> {
    checks::distinct(ids)
}

impl ActionContent {
    /// The rules that look at several fields together.
    pub fn check_together(&self) -> Result<(), Problem> {
        let mut errors = vec![];
        let planned: Money = self.years.iter().map(|year| year.planned).sum();
        if planned > self.budget {
            errors.push(FieldError::pointer("/years", "range").value(planned.to_string()).explain(&Text::new(
                format!("la somma degli anni, {planned}, supera il budget di {}", self.budget),
                format!("the years add up to {planned}, above the budget of {}", self.budget),
            )));
        }
        let zero =
            self.cofinancing.iter().enumerate().filter(|(_, line)| (line.monetary + line.in_kind).is_zero());
        errors.extend(zero.map(|(at, _)| FieldError::pointer(format!("/cofinancing/{at}"), "range")));
        if self.kind == ActionKind::System && !self.project_ids.is_empty() {
            errors.push(FieldError::pointer("/project_ids", "too_many").explain(&Text::new(
                "solo un'azione trasversale collega progetti",
                "only a cross-cutting action ties projects together",
            )));
        }
        if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::ValidationFailed).with_errors(errors)) }
    }

    /// Refuses years outside the plan and a budget above what the plan has left for its actions.
    pub fn check_against_plan(&self, plan: &PlanShare) -> Result<(), Problem> {
        let of_plan = plan.from_year..=plan.to_year;
        let outside = self.years.iter().enumerate().filter(|(_, year)| !of_plan.contains(&year.year));
        let errors: Vec<_> = outside
            .map(|(at, year)| FieldError::pointer(format!("/years/{at}/year"), "range").value(year.year))
            .collect();
        if !errors.is_empty() {
            return Err(Problem::new(Code::ValidationFailed).with_errors(errors));
        }
        if self.budget > plan.available {
            return Err(Problem::new(Code::InsufficientBalance)
                .explain(
                    format!("Il piano ha ancora {} per le azioni di sistema.", plan.available),
                    format!("The plan has {} left for its system actions.", plan.available),
                )
                .with_error(FieldError::pointer("/budget", "range").value(self.budget.to_string())));
        }
        Ok(())
    }

    /// Refuses a change of what cannot change, and a budget below what is spent.
    pub fn check_against(&self, action: &Action) -> Result<(), Problem> {
        let fixed = [("/plan_id", self.plan_id == action.plan_id), ("/kind", self.kind == action.kind)];
        let changed = fixed.iter().filter(|(_, same)| !same);
        let errors: Vec<_> = changed.map(|(pointer, _)| FieldError::pointer(*pointer, "immutable")).collect();
        if !errors.is_empty() {
            return Err(Problem::new(Code::ValidationFailed).with_errors(errors));
        }
        let spent = action.paid + action.pending;
        if self.budget < spent {
            return Err(Problem::new(Code::InsufficientBalance)
                .explain(
                    format!("L'azione ha già {spent} tra pagamenti e impegni."),
                    format!("The action already has {spent} paid or pending."),
                )
                .with_error(FieldError::pointer("/budget", "range").value(self.budget.to_string())));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn accepted(change: impl FnOnce(&mut Value)) -> bool {
        let mut value = json!({
            "plan_id": Uuid::nil(), "kind": "cross_cutting", "title": "Azione", "description": "Testo.\nSeconda riga.",
            "intervention_types": ["a", "f"], "budget": "1000.00",
            "years": [{"year": 2020, "planned": "400.00", "expected_people": 1, "expected_companies": 0},
                      {"year": 2021, "planned": "600.00", "expected_people": 1, "expected_companies": 0}],
            "cofinancing": [{"organisation_id": Uuid::nil(), "monetary": "0.00", "in_kind": "1.00"}],
            "project_ids": [Uuid::nil()],
        });
        change(&mut value);
        serde_json::from_value::<ActionContent>(value)
            .is_ok_and(|content| content.validate().is_ok() && content.check_together().is_ok())
    }

    #[test]
    fn each_rule_of_the_content_is_held() {
        assert!(accepted(|_| ()));
        let year = json!({"year": 2020, "planned": "0.00", "expected_people": 0, "expected_companies": 0});
        let line = json!({"organisation_id": Uuid::nil(), "monetary": "1.00", "in_kind": "0.00"});
        let broken: &[(&str, Value)] = &[
            ("title", json!(" ")),
            ("description", json!("\n")),
            ("intervention_types", json!([])),
            ("intervention_types", json!(["a", "a"])),
            ("intervention_types", json!(["g"])),
            ("budget", json!("0.00")),
            ("budget", json!("999.99")),
            ("years", json!([year, year])),
            ("cofinancing", json!([line, line])),
            ("cofinancing", json!([{"organisation_id": Uuid::nil(), "monetary": "0.00", "in_kind": "0.00"}])),
            ("project_ids", json!([Uuid::nil(), Uuid::nil()])),
            ("kind", json!("system")),
            ("unheard", json!(1)),
        ];
        for (field, value) in broken {
            assert!(!accepted(|action| action[*field] = value.clone()), "{field} = {value}");
        }
    }

    #[test]
    fn the_plan_covers_the_budget_to_the_cent() {
        let content: ActionContent = serde_json::from_value(json!({
            "plan_id": Uuid::nil(), "kind": "system", "title": "A", "description": "A", "intervention_types": ["a"],
            "budget": "42929.60",
            "years": [{"year": 2023, "planned": "0.00", "expected_people": 0, "expected_companies": 0}],
        }))
        .unwrap();
        let plan = |cents, to_year| PlanShare { from_year: 2020, to_year, available: Money::from_cents(cents) };
        assert!(content.check_against_plan(&plan(42_929_60, 2023)).is_ok());
        let short = content.check_against_plan(&plan(42_929_59, 2023)).unwrap_err();
        assert_eq!(short.code(), Code::InsufficientBalance);
        let early = content.check_against_plan(&plan(42_929_60, 2022)).unwrap_err();
        assert_eq!(early.code(), Code::ValidationFailed);
    }
}
