//! The plan as a director signs it, section by section. Pure: what the plan is made of in, document out.
//!
//! It is an Italian administrative act, so it is in Italian whatever the caller reads.

mod calls;
mod network;
mod progress;
mod project;
mod resources;

use crate::value::Figure;
use chrono::NaiveDate;
use concilia_allocation::{Allocation, AllocationRow};
use concilia_documents::{
    Act, Agency, Block, Document, Signature, SignatureBlock, dated, elided, long_date, money,
};
use concilia_kernel::Money;
use concilia_kernel::language::Language;
use concilia_network::{Composition, Territory};
use concilia_planning::{Plan, ProjectCall, ProjectDetail};
use rust_decimal::Decimal;
use uuid::Uuid;

pub(super) const ITALIAN: Language = Language::Italian;

/// What the document is made of.
pub(super) struct Data {
    pub plan: Plan,
    pub territory: Territory,
    /// The day that the figures are of.
    pub today: NaiveDate,
    pub composition: Composition,
    /// By number.
    pub calls: Vec<Call>,
    /// Those with a grant, by reference.
    pub projects: Vec<ProjectDetail>,
    pub figures: Vec<Figure>,
}

/// A call, with the allocation of its budget once that is in force.
pub(super) struct Call {
    pub call: ProjectCall,
    pub allocation: Option<(Allocation, Vec<AllocationRow>)>,
}

impl Data {
    /// What a project was assigned.
    fn assigned(&self, project_id: Uuid) -> Option<Money> {
        let rows = self.calls.iter().flat_map(|call| call.allocation.iter().flat_map(|(_, rows)| rows));
        rows.filter(|row| row.project.id == project_id).map(|row| row.assigned_grant).next()
    }
}

/// Where a reference stands among others: 2.9 comes before 2.10.
pub(super) fn place(reference: &str) -> Vec<(u32, String)> {
    reference.split('.').map(|part| (part.parse().unwrap_or(u32::MAX), part.to_owned())).collect()
}

pub(super) fn document(data: &Data) -> Document {
    let plan = &data.plan;
    let mut blocks = resources::blocks(data);
    blocks.extend(network::blocks(data));
    blocks.extend(calls::blocks(data));
    blocks.extend(project::blocks(data));
    blocks.extend(progress::blocks(data));
    blocks.push(Block::Signatures(SignatureBlock {
        place_and_date: Some(long_date(ITALIAN, data.today)),
        signatures: vec![Signature { role: "Il Direttore generale".to_owned(), name: String::new(), note: None }],
    }));
    let agency = Agency::of(ITALIAN, &data.territory.name, &data.territory.provinces);
    let mut document = Document::new(ITALIAN, agency, &plan.title, data.today);
    document.subtitle =
        Some(format!("{} {}", if plan.from_year == plan.to_year { "Anno" } else { "Anni" }, years(plan)));
    document.act = Some(Act { title: plan.address_document.act.clone(), date: plan.address_document.date });
    document.cover = true;
    document.blocks = blocks;
    document
}

fn euro(amount: Money) -> String {
    money(ITALIAN, amount)
}

/// "2020-2023"; of a single year, that year.
fn years(plan: &Plan) -> String {
    if plan.from_year == plan.to_year {
        return plan.from_year.to_string();
    }
    format!("{}-{}", plan.from_year, plan.to_year)
}

/// "dal 1° marzo 2024 all'8 aprile 2025".
fn period(first: NaiveDate, last: NaiveDate) -> String {
    format!("{} {}", elided("dal", &day(first)), elided("al", &day(last)))
}

fn by_act(act: &str, date: NaiveDate) -> String {
    dated(ITALIAN, act, date)
}

fn day(day: NaiveDate) -> String {
    long_date(ITALIAN, day)
}

/// `part` of `whole` in hundredths; nothing of nothing.
fn share(part: Decimal, whole: Decimal) -> Option<Decimal> {
    crate::rules::share(part, Some(whole)).map(|share| share * Decimal::ONE_HUNDRED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_in_the_order_of_their_numbers() {
        let mut references = ["2.10", "2.9", "1.1", "P-1", "2"];
        references.sort_by_cached_key(|reference| place(reference));
        assert_eq!(references, ["1.1", "2", "2.9", "2.10", "P-1"]);
    }

    #[test]
    fn a_share_of_nothing_is_not_told() {
        assert_eq!(share(Decimal::ONE, Decimal::ZERO), None);
        assert_eq!(share(Decimal::from(71), Decimal::from(142)), Some(Decimal::from(50)));
    }
}
