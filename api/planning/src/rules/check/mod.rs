//! What a project must respect before it is submitted. Each rule answers one finding when it is respected, and one for
//! each place where it is not, so that a draft can show all that is left to do.

mod alliance;
mod content;
mod finding;
mod money;
#[cfg(test)]
mod published_figures;

pub use finding::{Finding, ProjectRule, Relation};

use crate::projects::CostItems;
use crate::rules::intervention_type::InterventionType;
use crate::rules::month::Month;
use crate::rules::plan_years::PlanYears;
use crate::{LeadKinds, Plan, ProjectCall};
use chrono::NaiveDate;
use concilia_kernel::{Money, Ratio};
use concilia_network::OrganisationKind;

/// A project as the rules look at it.
#[derive(Debug, Clone)]
pub struct ProjectFacts {
    pub costs: CostItems,
    pub requested_grant: Money,
    pub lead: PartnerFacts,
    /// The others, those that left too, in the order of the project.
    pub partners: Vec<PartnerFacts>,
    /// Co-financing, in the order of the project.
    pub lines: Vec<LineFacts>,
    pub intervention_types: Vec<InterventionType>,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub activities: Vec<ActivityFacts>,
}

#[derive(Debug, Clone, Copy)]
pub struct PartnerFacts {
    pub kind: OrganisationKind,
    /// Whether it is a member of the network now.
    pub member: bool,
    pub mandate_on: Option<NaiveDate>,
    pub left: bool,
}

#[derive(Debug, Clone, Copy)]
pub struct LineFacts {
    pub amount: Money,
    pub signed_off: bool,
    /// Whether its partner has left: then it counts no more.
    pub left: bool,
}

#[derive(Debug, Clone)]
pub struct ActivityFacts {
    pub months: Vec<Month>,
    /// Years of its targets.
    pub target_years: Vec<i16>,
}

/// What a call asks of its projects.
#[derive(Debug, Clone)]
pub struct CallTerms {
    pub intervention_types: Vec<InterventionType>,
    pub lead_kinds: LeadKinds,
    pub coordination_limit: Ratio,
    pub cofinancing_minimum: Ratio,
    pub maximum_grant: Option<Money>,
    /// Of the plan that the call carries out.
    pub plan_years: PlanYears,
}

impl CallTerms {
    pub fn of(call: &ProjectCall, plan: &Plan) -> Self {
        Self {
            plan_years: PlanYears::of(plan),
            intervention_types: call.intervention_types.clone(),
            lead_kinds: call.lead_kinds,
            coordination_limit: call.coordination_limit,
            cofinancing_minimum: call.cofinancing_minimum,
            maximum_grant: call.maximum_grant,
        }
    }
}

impl ProjectFacts {
    /// What the partners that take part put in, in all.
    pub fn cofinancing(&self) -> Money {
        self.lines.iter().filter(|line| !line.left).map(|line| line.amount).sum()
    }
}

/// Every rule, in a fixed order. Without a call, as for a project that was entered already running, those that a call
/// sets are left out.
pub fn check(project: &ProjectFacts, terms: Option<&CallTerms>) -> Vec<Finding> {
    let mut findings = vec![];
    money::check(project, terms, &mut findings);
    alliance::check(project, terms, &mut findings);
    content::check(project, terms, &mut findings);
    findings
}
