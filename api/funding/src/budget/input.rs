//! A budget as it is sent, and its check.

use super::breaches;
use crate::grant::Grant;
use crate::rules::executive::{Executive, Limits, check};
use concilia_kernel::checks;
use concilia_kernel::{Code, FieldError, Money, Problem};
use concilia_planning::{CostItems, PartnerOrganisation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A budget by cost item, in EUR. Its total is A + B + C + D + E; coordination is a part of A.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BudgetCosts {
    /// A: staff, internal and external.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$",
             example = "13378.00")]
    #[validate(custom(function = "checks::not_negative"))]
    pub staff: Money,
    /// Part of A that goes to coordination, monitoring and reporting.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$",
             example = "5208.00")]
    #[validate(custom(function = "checks::not_negative"))]
    pub coordination: Money,
    /// B: goods and software.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$",
             example = "0.00")]
    #[validate(custom(function = "checks::not_negative"))]
    pub goods: Money,
    /// C: services bought.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$",
             example = "31500.00")]
    #[validate(custom(function = "checks::not_negative"))]
    pub services: Money,
    /// D: vouchers and reimbursements to families.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$",
             example = "34800.00")]
    #[validate(custom(function = "checks::not_negative"))]
    pub vouchers: Money,
    /// E: general costs.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$",
             example = "0.00")]
    #[validate(custom(function = "checks::not_negative"))]
    pub general: Money,
}

impl From<BudgetCosts> for CostItems {
    fn from(costs: BudgetCosts) -> Self {
        let BudgetCosts { staff, coordination, goods, services, vouchers, general } = costs;
        Self { staff, coordination, goods, services, vouchers, general }
    }
}

impl From<CostItems> for BudgetCosts {
    fn from(costs: CostItems) -> Self {
        let CostItems { staff, coordination, goods, services, vouchers, general } = costs;
        Self { staff, coordination, goods, services, vouchers, general }
    }
}

/// What a partner puts in.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CofinancingInput {
    /// The partner.
    pub organisation_id: Uuid,
    /// EUR in money.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$",
             example = "4000.00")]
    #[validate(custom(function = "checks::not_negative"))]
    pub monetary: Money,
    /// EUR of valued staff hours.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$",
             example = "4571.43")]
    #[validate(custom(function = "checks::not_negative"))]
    pub in_kind: Money,
}

/// A budget fitted to the grant that was assigned.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "costs": {"staff": "13378.00", "coordination": "5208.00", "goods": "0.00", "services": "31500.00",
              "vouchers": "34800.00", "general": "0.00"},
    "vouchers_from_grant": "34800.00",
    "cofinancing": [{"organisation_id": "0193a5d0-1111-7000-8000-000000000003", "monetary": "31500.00",
                     "in_kind": "13378.00"}],
    "note": "Ridotta la voce D al contributo assegnato"
}))]
pub struct ExecutiveBudgetInput {
    /// EUR by cost item; together the assigned grant and the co-financing.
    #[validate(nested)]
    pub costs: BudgetCosts,
    /// EUR of item D that the grant bears; the rest is the partners' money. Left out: as much as the grant can bear.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "decimal", min_length = 4, max_length = 13, pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$")]
    #[validate(custom(function = "checks::not_negative"))]
    pub vouchers_from_grant: Option<Money>,
    /// What the partners put in, each once; those that put in nothing are left out.
    #[schema(min_items = 0, max_items = 500)]
    #[validate(length(max = 500), nested)]
    pub cofinancing: Vec<CofinancingInput>,
    /// What was changed from the proposal, and why.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 4000), custom(function = "checks::text"))]
    pub note: Option<String>,
}

impl ExecutiveBudgetInput {
    /// The part of item D that the grant bears.
    pub(crate) fn vouchers_from_grant(&self, assigned: Money) -> Money {
        self.vouchers_from_grant.unwrap_or_else(|| self.costs.vouchers.min(assigned))
    }

    fn total(&self, part: impl Fn(&CofinancingInput) -> Money) -> Money {
        self.cofinancing.iter().map(part).sum()
    }
}

/// Refuses with 422, naming every rule that it breaks, a budget that is not fit for the grant. `at` is where the budget
/// is in the body.
pub(crate) fn checked(
    input: &ExecutiveBudgetInput,
    grant: &Grant,
    partners: &[PartnerOrganisation],
    at: &str,
) -> Result<Executive, Problem> {
    let mut errors = lines_at_fault(input, partners, at);
    let (monetary, in_kind) = (input.total(|line| line.monetary), input.total(|line| line.in_kind));
    let budget = Executive {
        costs: input.costs.into(),
        grant: grant.assigned,
        cofinancing: monetary + in_kind,
        monetary,
        vouchers_from_grant: input.vouchers_from_grant(grant.assigned),
    };
    let limits = Limits { coordination: grant.coordination_limit, cofinancing: grant.cofinancing_minimum };
    errors.extend(check(&budget, limits).into_iter().map(|breach| breaches::error(breach, limits, at)));
    if errors.is_empty() { Ok(budget) } else { Err(Problem::new(Code::ValidationFailed).with_errors(errors)) }
}

fn lines_at_fault(input: &ExecutiveBudgetInput, partners: &[PartnerOrganisation], at: &str) -> Vec<FieldError> {
    let mut errors = vec![];
    for (index, line) in input.cofinancing.iter().enumerate() {
        let pointer = format!("{at}/cofinancing/{index}/organisation_id");
        let takes_part =
            |p: &PartnerOrganisation| p.organisation_id == line.organisation_id && p.left_on.is_none();
        let code = if !partners.iter().any(takes_part) {
            "not_found"
        } else if input.cofinancing[..index].iter().any(|other| other.organisation_id == line.organisation_id) {
            "duplicate"
        } else if (line.monetary + line.in_kind).is_zero() {
            "required"
        } else {
            continue;
        };
        errors.push(FieldError::pointer(pointer, code).value(line.organisation_id.to_string()));
    }
    errors
}
