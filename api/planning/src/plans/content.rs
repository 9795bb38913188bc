use crate::project_calls::AddressDocumentInput;
use concilia_kernel::checks;
use concilia_kernel::problem::Text;
use concilia_kernel::{Code, FieldError, Money, Problem, Ratio};
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// A plan as the agency writes it: the whole of it, at creation and at each change.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "Piano Territoriale di Conciliazione 2020-2023", "from_year": 2020, "to_year": 2023,
    "address_document": {"act": "Decreto n. 103", "date": "2020-02-28"}, "resources": "214648.00",
    "local_alliances": "171718.40", "system_actions": "42929.60", "expected_people": 3000, "expected_companies": 30
}))]
pub struct PlanContent {
    /// Title.
    #[schema(min_length = 1, max_length = 300, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 300), custom(function = "checks::line"))]
    pub title: String,
    /// First year.
    #[schema(format = Int32, minimum = 2000, maximum = 2099)]
    #[validate(range(min = 2000, max = 2099))]
    pub from_year: i16,
    /// Last year; not before the first. A territory has one plan for the same years.
    #[schema(format = Int32, minimum = 2000, maximum = 2099)]
    #[validate(range(min = 2000, max = 2099))]
    pub to_year: i16,
    /// The address document.
    #[validate(nested)]
    pub address_document: AddressDocumentInput,
    /// EUR of the plan: exactly those for local alliances and for system actions together.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, example = "214648.00",
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$")]
    #[validate(custom(function = "checks::positive"))]
    pub resources: Money,
    /// EUR for the projects of local alliances; not below the budget of a call that has been opened.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, example = "171718.40",
             pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$")]
    #[validate(custom(function = "checks::not_negative"))]
    pub local_alliances: Money,
    /// EUR that the agency keeps for its own actions: its share of the resources, which the territory's settings say, rounded
    /// half up to the cent.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, example = "42929.60",
             pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$")]
    #[validate(custom(function = "checks::not_negative"))]
    pub system_actions: Money,
    /// People that the plan expects to reach.
    #[schema(format = Int32, minimum = 0, maximum = 10_000_000)]
    #[validate(range(min = 0, max = 10_000_000))]
    pub expected_people: i32,
    /// Companies that the plan expects to reach.
    #[schema(format = Int32, minimum = 0, maximum = 10_000_000)]
    #[validate(range(min = 0, max = 10_000_000))]
    pub expected_companies: i32,
}

impl PlanContent {
    /// The rules that look at several fields together.
    pub(super) fn check_together(&self) -> Result<(), Problem> {
        let mut errors = vec![];
        if self.to_year < self.from_year {
            errors.push(FieldError::pointer("/to_year", "date_order").value(self.to_year));
        }
        let sum = self.local_alliances + self.system_actions;
        if sum != self.resources {
            errors.push(FieldError::pointer("/resources", "sum").value(self.resources.to_string()).explain(
                &Text::new(
                    format!("alleanze locali e azioni di sistema sommano {sum}"),
                    format!("local alliances and system actions add up to {sum}"),
                ),
            ));
        }
        if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::ValidationFailed).with_errors(errors)) }
    }

    /// The agency keeps its share of the resources.
    pub(super) fn check_share(&self, share: Ratio) -> Result<(), Problem> {
        let kept = Money::rounded(share.of(self.resources));
        if self.system_actions == kept {
            return Ok(());
        }
        let percent = (share.decimal() * Decimal::ONE_HUNDRED).normalize();
        let fault = FieldError::pointer("/system_actions", "share")
            .value(self.system_actions.to_string())
            .explain(&Text::new(
                format!("le azioni di sistema sono il {percent}% delle risorse, cioè {kept}"),
                format!("system actions are {percent}% of the resources, which is {kept}"),
            ));
        Err(Problem::new(Code::ValidationFailed).with_error(fault))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn refused(change: impl FnOnce(&mut Value)) -> bool {
        let content = content(change);
        content.map_or(true, |content| content.validate().is_err() || content.check_together().is_err())
    }

    fn content(change: impl FnOnce(&mut Value)) -> Result<PlanContent, serde_json::Error> {
        let mut value = json!({
            "title": "Piano", "from_year": 2020, "to_year": 2023,
            "address_document": {"act": "Decreto n. 103", "date": "2020-02-28"}, "resources": "214648.00",
            "local_alliances": "171718.40", "system_actions": "42929.60", "expected_people": 0, "expected_companies": 0
        });
        change(&mut value);
        serde_json::from_value(value)
    }

    #[test]
    fn the_agency_keeps_its_share_rounded_half_up_to_the_cent() {
        for (resources, share, kept) in [
            ("214648.00", 2000, "42929.60"),
            ("100.02", 2000, "20.00"),
            ("100.03", 2000, "20.01"),
            ("0.10", 500, "0.01"),
            ("0.09", 500, "0.00"),
            ("1000.00", 0, "0.00"),
            ("1000.00", 10_000, "1000.00"),
            ("1000.00", 1250, "125.00"),
        ] {
            let share = Ratio::ten_thousandths(share).unwrap();
            let with = |system: Money| {
                let plan = content(|plan| {
                    plan["resources"] = json!(resources);
                    plan["system_actions"] = json!(system.to_string());
                });
                plan.unwrap().check_share(share)
            };
            let (kept, cent): (Money, _) = (kept.parse().unwrap(), Money::from_cents(1));
            assert!(with(kept).is_ok(), "{resources}");
            assert!(with(kept + cent).is_err() && (kept.is_zero() || with(kept - cent).is_err()), "{resources}");
        }
    }

    #[test]
    fn the_parts_of_a_plan_add_up_to_the_cent() {
        assert!(!refused(|_| ()));
        for (field, value) in [
            ("resources", json!("214648.01")),
            ("resources", json!("0.00")),
            ("system_actions", json!("-0.01")),
            ("to_year", json!(2019)),
            ("from_year", json!(1999)),
            ("expected_people", json!(-1)),
            ("title", json!(" ")),
            ("address_document", json!({"act": "", "date": "2020-02-28"})),
        ] {
            assert!(refused(|plan| plan[field] = value.clone()), "{field} = {value}");
        }
    }
}
