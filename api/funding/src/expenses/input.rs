//! An expense as a partner writes it, and its check.

use super::expense::ExpenseDocumentType;
use crate::budget::CofinancingPart;
use crate::reports::ExpenseReport;
use crate::rules::cost_item::{CostItem, ExpenseSource};
use crate::rules::hours::Hours;
use chrono::NaiveDate;
use concilia_kernel::problem::Text;
use concilia_kernel::{Code, FieldError, Money, Problem, checks};
use concilia_planning::{PartnerOrganisation, PartnerRole, ProjectSummary};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// The document of an expense. The same one (issuer, number and date) pays once, in whichever report.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpenseDocumentInput {
    /// What it is.
    #[serde(rename = "type")]
    pub type_: ExpenseDocumentType,
    /// Its number.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$",
        example = "118/2026"
    )]
    #[validate(length(min = 1, max = 100), custom(function = "checks::line"))]
    pub number: String,
    /// Who issued it.
    #[schema(
        min_length = 1,
        max_length = 300,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$",
        example = "Cooperativa sociale Il Girasole"
    )]
    #[validate(length(min = 1, max = 300), custom(function = "checks::line"))]
    pub issuer: String,
    /// Its date; not in the future.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::past_day"))]
    pub date: NaiveDate,
}

/// An expense: an amount, or hours and their rate where the source is `in_kind`.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "organisation_id": "0193a5d0-1111-7000-8000-000000000003", "cost_item": "services", "source": "grant",
    "description": "Doposcuola, primo quadrimestre", "incurred_on": "2026-11-30", "amount": "1830.00",
    "document": {"type": "invoice", "number": "118/2026", "issuer": "Cooperativa sociale Il Girasole",
                 "date": "2026-11-30"}
}))]
pub struct ExpenseInput {
    /// The partner that bore it.
    pub organisation_id: Uuid,
    /// The cost item: `staff` or `coordination` in kind, which is hours of work. `vouchers` only where the portal has
    /// no voucher call of the project: else it fills that item.
    pub cost_item: CostItem,
    /// Who bears it in the end: the grant, or the partner as the budget in force plans that it co-finances.
    pub source: ExpenseSource,
    /// What was bought or done; no names of people.
    #[schema(min_length = 1, max_length = 500, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 500), custom(function = "checks::line"))]
    pub description: String,
    /// Day of the expense, within the project, not after the report's period nor after its partner left; the last day for
    /// hours of work.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::day_of_the_century"))]
    pub incurred_on: NaiveDate,
    /// EUR; left out in kind, where hours and rate make it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "decimal", min_length = 4, max_length = 13, example = "1830.00",
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$")]
    #[validate(custom(function = "checks::positive"))]
    pub amount: Option<Money>,
    /// Hours put in; in kind only.
    #[serde(default)]
    pub hours: Option<Hours>,
    /// EUR per hour; in kind only.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "decimal", min_length = 4, max_length = 13, example = "21.30",
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$")]
    #[validate(custom(function = "checks::positive"))]
    pub hourly_rate: Option<Money>,
    /// Its document.
    #[validate(nested)]
    pub document: ExpenseDocumentInput,
}

/// What the expenses of a project are checked against.
pub(super) struct Bounds {
    pub partners: Vec<PartnerOrganisation>,
    /// What the partners put in, by the budget in force.
    pub planned: Vec<CofinancingPart>,
    /// Whether the portal fills cost item D.
    pub filled_by_portal: bool,
}

impl Bounds {
    /// Whether the budget in force has money of that source for the partner, or for one whose place it took. One of the
    /// network has no share of the grant, and may co-finance: three of the plan of 2020 do.
    fn plan(&self, partner: &PartnerOrganisation, source: ExpenseSource) -> bool {
        let before = |one: &&PartnerOrganisation| {
            let place = one.substitutes;
            self.partners.iter().find(|other| Some(other.organisation_id) == place)
        };
        let places: Vec<Uuid> = std::iter::successors(Some(partner), before)
            .take(self.partners.len())
            .map(|one| one.organisation_id)
            .collect();
        let of_partner = self.planned.iter().filter(|part| places.contains(&part.organisation_id));
        match source {
            ExpenseSource::Grant => partner.role != PartnerRole::Network,
            ExpenseSource::Monetary => of_partner.map(|part| part.monetary).sum::<Money>().is_positive(),
            ExpenseSource::InKind => of_partner.map(|part| part.in_kind).sum::<Money>().is_positive(),
        }
    }
}

impl ExpenseInput {
    /// What it comes to. Refuses with 422 an amount where hours are due, and the other way round.
    pub(super) fn amount(&self) -> Result<Money, Problem> {
        let given = (self.source, self.amount, self.hours, self.hourly_rate);
        match given {
            (ExpenseSource::InKind, None, Some(hours), Some(rate)) => {
                hours.at(rate).ok_or_else(|| Problem::invalid("/hourly_rate", "range"))
            }
            (ExpenseSource::Grant | ExpenseSource::Monetary, Some(amount), None, None) => Ok(amount),
            (ExpenseSource::InKind, ..) => {
                let text = Text::new(
                    "in natura servono ore e tariffa oraria, senza importo",
                    "in kind needs hours and the hourly rate, and no amount",
                );
                Err(refusal("/hours", "hours_required", &text))
            }
            _ => {
                let text = Text::new(
                    "serve l'importo; ore e tariffa sono solo per la valorizzazione in natura",
                    "the amount is needed; hours and rate are for what is put in kind",
                );
                Err(refusal("/amount", "required", &text))
            }
        }
    }

    /// The rules that tie it to its project and its report.
    pub(super) fn check(
        &self,
        project: &ProjectSummary,
        report: &ExpenseReport,
        bounds: &Bounds,
    ) -> Result<(), Problem> {
        let bears = |p: &&PartnerOrganisation| p.organisation_id == self.organisation_id && !p.was_taken_out();
        let Some(partner) = bounds.partners.iter().find(bears) else {
            let error =
                FieldError::pointer("/organisation_id", "not_found").value(self.organisation_id.to_string());
            return Err(Problem::new(Code::ValidationFailed).with_error(error));
        };
        // What a partner bore before it left is reported, though the budget no longer counts on it.
        if partner.left_on.is_none() && !bounds.plan(partner, self.source) {
            let text = Text::new(
                "il bilancio in vigore non prevede per il partner spese di questa fonte: serve una variazione",
                "the budget in force plans no expenses of this source for the partner: a variation is needed",
            );
            return Err(refusal("/source", "not_planned", &text));
        }
        if self.source == ExpenseSource::InKind && !self.cost_item.is_work() {
            let text = Text::new(
                "in natura si valorizzano ore di personale: la voce è personale o coordinamento",
                "what is put in kind is hours of staff: the cost item is staff or coordination",
            );
            let error =
                FieldError::pointer("/cost_item", "not_applicable").value(self.cost_item.as_str()).explain(&text);
            return Err(Problem::new(Code::ValidationFailed).with_error(error));
        }
        let ends = partner.left_on.map_or(project.ends_on, |left_on| left_on.min(project.ends_on));
        let last = report.period_to.min(ends);
        if !(project.starts_on..=last).contains(&self.incurred_on) {
            let text = Text::new(
                format!("la data deve stare tra il {} e il {last}", project.starts_on),
                format!("the day must be from {} to {last}", project.starts_on),
            );
            return Err(refusal("/incurred_on", "range", &text));
        }
        if self.cost_item == CostItem::Vouchers && bounds.filled_by_portal {
            let text = Text::new(
                "la voce D di questo progetto la compila il portale con quanto è stato speso",
                "cost item D of this project is filled by the portal with what was spent",
            );
            return Err(refusal("/cost_item", "filled_by_portal", &text));
        }
        Ok(())
    }
}

fn refusal(pointer: &str, code: &str, text: &Text) -> Problem {
    Problem::new(Code::ValidationFailed).with_error(FieldError::pointer(pointer, code).explain(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn input(change: impl FnOnce(&mut Value)) -> Result<Money, Problem> {
        let mut value = json!({
            "organisation_id": Uuid::nil(), "cost_item": "staff", "source": "in_kind", "description": "Ore",
            "incurred_on": "2026-06-30", "hours": "10.00", "hourly_rate": "21.33",
            "document": {"type": "timesheet", "number": "1", "issuer": "Comune", "date": "2026-06-30"},
        });
        change(&mut value);
        serde_json::from_value::<ExpenseInput>(value).expect("read").amount()
    }

    #[test]
    fn hours_make_the_amount_in_kind_and_nowhere_else() {
        assert_eq!(input(|_| ()).expect("amount"), Money::from_cents(213_30));
        let wrong: [fn(&mut Value); 4] = [
            |v| v["amount"] = json!("213.30"),
            |v| v["hours"] = Value::Null,
            |v| v["source"] = json!("grant"),
            |v| (v["source"], v["amount"]) = (json!("monetary"), json!("10.00")),
        ];
        for change in wrong {
            assert!(input(change).is_err());
        }
        let money = input(|v| {
            *v = json!({
                "organisation_id": Uuid::nil(), "cost_item": "goods", "source": "grant", "description": "PC",
                "incurred_on": "2026-06-30", "amount": "900.00",
                "document": {"type": "invoice", "number": "1", "issuer": "Ditta", "date": "2026-06-30"},
            });
        });
        assert_eq!(money.expect("amount"), Money::from_cents(900_00));
    }
}
