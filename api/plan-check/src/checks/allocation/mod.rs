//! The allocation table: against the resources, against the projects, and in itself.

mod bands;
mod entries;
mod note;
mod pairing;
mod residue;
mod scores;
mod totals;

use super::projects::Book;
use crate::document::{Allocation, Document, Row};
use crate::finding::Findings;
use crate::rule::Rule;
use entries::Entry;
use rust_decimal::Decimal;
use std::collections::HashSet;

pub(super) fn check(document: &Document, books: &[Book], findings: &mut Findings) {
    let Some(allocation) = &document.allocation else { return };
    let pairs = pairing::check(document, allocation, findings);
    let (allocation, pairs) = &without_repeated_rows(allocation, pairs);
    let rows = allocation.rows.as_deref().unwrap_or_default();
    let budget = budget(document, allocation, rows, findings);
    let complete = !a_row_is_missing(allocation, pairs, books);
    let entries = entries::of(allocation, rows, pairs, books);
    bands::check_percentages(allocation, &entries, complete, findings);
    bands::check_rows(allocation, &entries, document.criteria.as_deref(), findings);
    bands::check_row_percentages(allocation, &entries, findings);
    let as_in_projects: Vec<bool> =
        entries.iter().map(|entry| compare_with_project(document, entry, findings)).collect();
    if !complete {
        return;
    }
    let expected = residue::check(allocation, &entries, budget, findings);
    for ((entry, as_in_project), expected) in entries.iter().zip(as_in_projects).zip(&expected) {
        let assigned = entry.row.assigned.as_ref().map(|assigned| assigned.value);
        within(entry.row, as_in_project, assigned == *expected, findings);
    }
    totals::check(allocation, &entries, &expected, books, findings);
    totals::check_budget(allocation, &entries, &expected, budget, findings);
}

/// A row that repeats another, and has no project of its own, has been reported: it adds nothing to the sums.
fn without_repeated_rows(allocation: &Allocation, pairs: Vec<Option<usize>>) -> (Allocation, Vec<Option<usize>>) {
    let mut allocation = allocation.clone();
    let Some(rows) = allocation.rows.take().filter(|rows| rows.len() == pairs.len()) else {
        return (allocation, pairs);
    };
    let paired: HashSet<_> =
        rows.iter().zip(&pairs).filter(|(_, pair)| pair.is_some()).map(|(row, _)| row.content()).collect();
    let kept =
        rows.into_iter().zip(pairs).filter(|(row, pair)| pair.is_some() || !paired.contains(&row.content()));
    let (rows, pairs) = kept.unzip();
    allocation.rows = Some(rows);
    (allocation, pairs)
}

/// Whether the total requested counts the projects that have no row, which have been reported: then no sum can be made.
fn a_row_is_missing(allocation: &Allocation, pairs: &[Option<usize>], books: &[Book]) -> bool {
    let paired: HashSet<usize> = pairs.iter().copied().flatten().collect();
    let missing = books.iter().enumerate().filter(|(index, book)| !book.is_merged && !paired.contains(index));
    let unlisted: Option<Decimal> = missing.map(|(_, book)| book.requested.first().copied()).sum();
    let rows = allocation.rows.iter().flatten();
    let listed: Option<Decimal> = rows.map(|row| row.requested.as_ref().map(|figure| figure.value)).sum();
    let total = allocation.totals.requested.as_ref().map(|total| total.value);
    !pairs.is_empty()
        && unlisted.is_some_and(|unlisted| unlisted > Decimal::ZERO)
        && total.zip(listed).is_some_and(|(total, listed)| Some(total - listed) == unlisted)
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

/// Whether the row says what its project says.
fn compare_with_project(document: &Document, entry: &Entry<'_>, findings: &mut Findings) -> bool {
    let Some((project, book)) =
        entry.project.and_then(|(index, book)| Some((document.projects.as_ref()?.get(index)?, book)))
    else {
        return true;
    };
    let row = entry.row;
    let mut same = true;
    for (rule, figure, stated, field) in [
        (Rule::RowCost, &row.cost, &book.totals, "total"),
        (Rule::RowRequested, &row.requested, &book.requested, "requested"),
    ] {
        let (Some(figure), Some(first)) = (figure, stated.first()) else { continue };
        same &= findings.check(rule, &figure.at, stated.contains(&figure.value), |f| {
            let at = format!("{}/budget/{field}", project.at);
            f.subject(project.label()).expected(super::to_cents(*first)).found(figure).related([at])
        });
    }
    same
}

/// A figure that has been reported is not compared again.
fn within(row: &Row, as_in_project: bool, as_assigned: bool, findings: &mut Findings) {
    for (rule, less, more, is_sound) in [
        (Rule::RequestedWithinCost, &row.requested, &row.cost, as_in_project),
        (Rule::AssignedWithinRequested, &row.assigned, &row.requested, as_in_project && as_assigned),
    ] {
        let (Some(less), Some(more), true) = (less, more, is_sound) else { continue };
        findings.check(rule, &less.at, less.value <= more.value, |f| {
            f.subject(row.lead()).expected(format!("<= {more}")).found(less).related([&more.at])
        });
    }
}
