//! The last line of the table, and the budget.

use super::super::{plain, to_cents};
use super::Book;
use super::entries::Entry;
use super::note::names;
use crate::document::{Allocation, Figure, Row};
use crate::finding::Findings;
use crate::rule::Rule;
use rust_decimal::Decimal;

/// One figure of a row.
type Column = fn(&Row) -> Option<&Figure>;

/// `expected` is what each row should be assigned. A total that adds up what the rows should say is not at fault where
/// one of them says something else: that row has been reported.
pub(super) fn check(
    allocation: &Allocation,
    entries: &[Entry<'_>],
    expected: &[Option<Decimal>],
    books: &[Book],
    findings: &mut Findings,
) {
    if entries.is_empty() {
        return without_rows(allocation, books, findings);
    }
    let totals = &allocation.totals;
    let of_project = |pick: fn(&Book) -> &Vec<Decimal>, stated: Column| {
        let figures = entries.iter().map(|entry| {
            let own = entry.project.and_then(|(_, book)| pick(book).first().copied());
            own.or_else(|| stated(entry.row).map(|figure| figure.value))
        });
        figures.sum::<Option<Decimal>>()
    };
    let requested: Option<Decimal> = entries.iter().map(|entry| entry.requested).sum();
    let assigned: Option<Decimal> = expected.iter().copied().sum();
    let columns: [(&Option<Figure>, Column, Option<Decimal>); 4] = [
        (&totals.cost, |row| row.cost.as_ref(), of_project(|book| &book.totals, |row| row.cost.as_ref())),
        (&totals.requested, |row| row.requested.as_ref(), requested),
        (&totals.score, |row| row.score.as_ref(), entries.iter().map(|entry| entry.score).sum()),
        (&totals.assigned, |row| row.assigned.as_ref(), assigned),
    ];
    for (total, column, mended) in columns {
        let printed: Option<Decimal> =
            entries.iter().map(|entry| column(entry.row).map(|figure| figure.value)).sum();
        let (Some(total), Some(printed)) = (total, printed) else { continue };
        let holds = total.value == printed || mended == Some(total.value);
        findings.check(Rule::AllocationTotals, &total.at, holds, |f| {
            let places = entries.iter().filter_map(|entry| column(entry.row)).map(|figure| &figure.at);
            f.expected(plain(printed)).found(total).related(places)
        });
    }
}

fn without_rows(allocation: &Allocation, books: &[Book], findings: &mut Findings) {
    if books.is_empty() {
        return;
    }
    let sum = |pick: fn(&Book) -> &Vec<Decimal>| {
        let standing = books.iter().filter(|book| !book.is_merged);
        standing.map(|book| pick(book).first().copied()).sum::<Option<Decimal>>()
    };
    let totals = &allocation.totals;
    for (total, sum) in
        [(&totals.cost, sum(|book| &book.totals)), (&totals.requested, sum(|book| &book.requested))]
    {
        let (Some(total), Some(sum)) = (total, sum) else { continue };
        findings.check(Rule::AllocationTotals, &total.at, total.value == sum, |f| {
            f.expected(to_cents(sum)).found(total).related(["/projects"])
        });
    }
}

/// The sum assigned against the budget.
pub(super) fn check_budget(
    allocation: &Allocation,
    entries: &[Entry<'_>],
    expected: &[Option<Decimal>],
    budget: Option<Decimal>,
    findings: &mut Findings,
) {
    let Some(budget) = budget else { return };
    let column = entries.iter().map(|entry| entry.row.assigned.as_ref().map(|assigned| assigned.value));
    let printed = column.sum::<Option<Decimal>>().filter(|_| !entries.is_empty());
    let mended = expected.iter().copied().sum::<Option<Decimal>>().filter(|_| !entries.is_empty());
    let stated = allocation.totals.assigned.as_ref();
    let rows = format!("{}/rows", allocation.at);
    let (sum, at) = match (stated, printed) {
        (Some(stated), _) => (stated.value, stated.at.as_str()),
        (None, Some(printed)) => (printed, rows.as_str()),
        (None, None) => return,
    };
    let left = budget - sum;
    let is_stated = || {
        left > Decimal::ZERO
            && (allocation.residue.as_ref().is_some_and(|residue| residue.value == left)
                || allocation.note.as_ref().is_some_and(|note| names(&note.text, left)))
    };
    // A total that differs from its rows, or a row from its percentage, has been reported already.
    let explained = printed == Some(budget) || mended == Some(budget);
    findings.check(Rule::AssignedBudget, at, left.is_zero() || explained || is_stated(), |f| {
        let related = allocation.budget.as_ref().map(|budget| &budget.at);
        f.expected(to_cents(budget)).found(plain(sum)).related(related)
    });
}
