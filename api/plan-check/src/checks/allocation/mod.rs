//! The allocation table: against the resources, against the projects, and in itself.

mod bands;
mod entries;
mod note;
mod pairing;
mod residue;
mod totals;

use super::projects::Book;
use crate::document::{Allocation, Document, Row};
use crate::finding::Findings;
use crate::rule::Rule;
use entries::Entry;
use rust_decimal::Decimal;

pub(super) fn check(document: &Document, books: &[Book], findings: &mut Findings) {
    let Some(allocation) = &document.allocation else { return };
    let rows = allocation.rows.as_deref().unwrap_or_default();
    let budget = budget(document, allocation, rows, findings);
    bands::check_percentages(allocation, findings);
    bands::check_rows(allocation, rows, document.criteria.as_deref(), findings);
    let pairs = pairing::check(document, allocation, findings);
    let entries = entries::of(allocation, rows, &pairs, books);
    bands::check_row_percentages(allocation, &entries, findings);
    for entry in &entries {
        compare_with_project(document, entry, findings);
        within(entry.row, findings);
    }
    let expected = residue::check(allocation, &entries, budget, findings);
    totals::check(allocation, &entries, &expected, books, findings);
    totals::check_budget(allocation, &entries, &expected, budget, findings);
}

/// The budget to allocate, taken from the resources where the table's own is the figure at fault.
fn budget(document: &Document, allocation: &Allocation, rows: &[Row], findings: &mut Findings) -> Option<Decimal> {
    let budget = allocation.budget.as_ref()?;
    let resources = &document.plan.resources;
    let parts = resources.total.as_ref().zip(resources.system_actions.as_ref());
    let rest = parts.map(|(total, system)| total.value - system.value);
    let Some(local) = &resources.local_alliances else { return Some(budget.value) };
    // Where the resources contradict themselves that is reported, and either side of it may be the budget.
    let holds = budget.value == local.value || rest == Some(budget.value);
    findings.check(Rule::AllocationBudget, &budget.at, holds, |f| {
        f.expected(local).found(budget).related([&local.at])
    });
    let assigned: Option<Decimal> = rows.iter().map(|row| row.assigned.as_ref().map(|a| a.value)).sum();
    let allocates_resources = !holds && assigned.is_some_and(|assigned| assigned == local.value);
    Some(if allocates_resources { local.value } else { budget.value })
}

fn compare_with_project(document: &Document, entry: &Entry<'_>, findings: &mut Findings) {
    let Some((project, book)) =
        entry.project.and_then(|(index, book)| Some((document.projects.as_ref()?.get(index)?, book)))
    else {
        return;
    };
    let row = entry.row;
    for (rule, figure, stated, field) in [
        (Rule::RowCost, &row.cost, &book.totals, "total"),
        (Rule::RowRequested, &row.requested, &book.requested, "requested"),
    ] {
        let (Some(figure), Some(first)) = (figure, stated.first()) else { continue };
        findings.check(rule, &figure.at, stated.contains(&figure.value), |f| {
            let at = format!("{}/budget/{field}", project.at);
            f.subject(project.label()).expected(super::to_cents(*first)).found(figure).related([at])
        });
    }
}

fn within(row: &Row, findings: &mut Findings) {
    for (rule, less, more) in [
        (Rule::RequestedWithinCost, &row.requested, &row.cost),
        (Rule::AssignedWithinRequested, &row.assigned, &row.requested),
    ] {
        let (Some(less), Some(more)) = (less, more) else { continue };
        findings.check(rule, &less.at, less.value <= more.value, |f| {
            f.subject(row.lead()).expected(format!("<= {more}")).found(less).related([&more.at])
        });
    }
}
