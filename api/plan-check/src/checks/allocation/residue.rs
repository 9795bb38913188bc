//! What each row is assigned: the percentage of its request, and the residue that whole percentages leave, where its
//! rule takes it: to the last band, to the first, or over all; within a band evenly, in proportion, or to one project.

use super::super::{same_cent, to_cents};
use super::entries::Entry;
use super::note::{ResidueBand, amounts, residue_band};
use crate::document::Allocation;
use crate::finding::Findings;
use crate::rule::Rule;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// A row of which everything is known.
#[derive(Clone, Copy)]
struct Line {
    /// Index of the row.
    index: usize,
    band: Option<usize>,
    requested: Decimal,
    share: Decimal,
    assigned: Decimal,
}

impl Line {
    fn is_at_share(&self) -> bool {
        same_cent(self.assigned, self.share)
    }
}

/// Rows that are off, with what was expected of them.
type Faults = Vec<(usize, Decimal)>;

/// What each row should be assigned; `None` where that cannot be told.
pub(super) fn check(
    allocation: &Allocation,
    entries: &[Entry<'_>],
    budget: Option<Decimal>,
    findings: &mut Findings,
) -> Vec<Option<Decimal>> {
    let assigned = |entry: &Entry<'_>| entry.row.assigned.as_ref().map(|assigned| assigned.value);
    let mut expected: Vec<Option<Decimal>> = entries.iter().map(assigned).collect();
    let lines: Option<Vec<Line>> = entries
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let (requested, share) = (entry.requested?, entry.share()?);
            Some(Line { index, band: entry.band, requested, share, assigned: assigned(entry)? })
        })
        .collect();
    let faults = match lines.filter(|lines| !lines.is_empty()) {
        Some(lines) => worked_out(allocation, entries, &lines)
            .unwrap_or_else(|| complete(allocation, &lines, budget, findings)),
        None => incomplete(entries),
    };
    for (index, amount) in &faults {
        expected[*index] = Some(to_cents(*amount));
    }
    let faults: HashMap<usize, Decimal> = faults.into_iter().collect();
    for (index, entry) in entries.iter().enumerate() {
        let (Some(assigned), Some(_)) = (&entry.row.assigned, entry.share()) else { continue };
        let amount = faults.get(&index);
        findings.check(Rule::RowAssigned, &assigned.at, amount.is_none(), |f| {
            let related = [&entry.row.percentage, &entry.row.requested];
            f.subject(entry.row.lead())
                .expected(to_cents(amount.copied().unwrap_or_default()))
                .found(assigned)
                .related(related.into_iter().flatten().map(|figure| &figure.at))
        });
    }
    expected
}

/// Where no band gives the percentages they may have been worked out from the grants, such as grants in proportion to
/// the scores: cut or rounded to the decimals that they are written with. `None` where most grants are the percentage
/// of the request to the cent.
fn worked_out(allocation: &Allocation, entries: &[Entry<'_>], lines: &[Line]) -> Option<Faults> {
    if allocation.finals.is_some() || lines.len() < 2 {
        return None;
    }
    let near = |line: &Line| {
        let decimals =
            entries[line.index].row.percentage.as_ref().map_or(0, |percentage| percentage.value.scale());
        let unit = Decimal::new(1, decimals.max(2));
        line.is_at_share() || (line.assigned - line.share).abs() < line.requested * unit
    };
    let exact = lines.iter().filter(|line| line.is_at_share()).count();
    let rounded = lines.iter().filter(|line| near(line)).count();
    let off = lines.iter().filter(|line| !near(line)).map(|line| (line.index, line.share)).collect();
    (exact * 2 < lines.len() && rounded * 2 > lines.len()).then_some(off)
}

/// Without every figure the residue is not known: only less than the percentage is wrong for certain.
fn incomplete(entries: &[Entry<'_>]) -> Faults {
    let rows = entries.iter().enumerate();
    rows.filter_map(|(index, entry)| {
        let (share, assigned) = (entry.share()?, entry.row.assigned.as_ref()?.value);
        (assigned < share && !same_cent(assigned, share)).then_some((index, share))
    })
    .collect()
}

fn complete(allocation: &Allocation, lines: &[Line], budget: Option<Decimal>, findings: &mut Findings) -> Faults {
    let total = allocation.totals.assigned.as_ref().map(|total| total.value);
    let Some(budget) = budget.or(total) else { return vec![] };
    let shares: Decimal = lines.iter().map(|line| line.share).sum();
    let cents = Decimal::new(lines.len() as i64, 2);
    let residue = budget - shares;
    let fit = residue > -cents;
    let at = format!("{}/final_band_percentages", allocation.at);
    findings.check(
        Rule::PercentagesFit,
        if allocation.finals.is_some() { &at } else { &allocation.at },
        fit,
        |f| f.expected(format!("<= {}", to_cents(budget))).found(to_cents(shares)),
    );
    if fit {
        check_stated(allocation, lines, budget, findings);
    }
    if lines.iter().all(Line::is_at_share) {
        return vec![];
    }
    if !fit {
        return lines.iter().filter(|line| !line.is_at_share()).map(|line| (line.index, line.share)).collect();
    }
    let tried = receivers(allocation, lines).into_iter().map(|receiving| placed(lines, &receiving, budget));
    let Some((faults, method_known)) = tried.min_by_key(|(faults, known)| (faults.len(), !known)) else {
        return vec![];
    };
    let rows = format!("{}/rows", allocation.at);
    findings.check(Rule::ResidueSplit, &rows, method_known, |f| f.expected(to_cents(residue)));
    faults
}

/// The residue that the document states, in its field and in its note.
fn check_stated(allocation: &Allocation, lines: &[Line], budget: Decimal, findings: &mut Findings) {
    let rounded: Decimal = lines.iter().map(|line| to_cents(line.share)).sum();
    let cut: Decimal = lines.iter().map(|line| line.share.trunc_with_scale(2)).sum();
    let assigned: Decimal = lines.iter().map(|line| line.assigned).sum();
    let (left, most, unassigned) = (budget - rounded, budget - cut, budget - assigned);
    // Percentages may have been rounded to the cent, or cut: what is left lies between the two.
    let holds = |amount: Decimal| (left.min(most)..=left.max(most)).contains(&amount) || amount == unassigned;
    if let Some(residue) = &allocation.residue {
        findings.check(Rule::ResidueStated, &residue.at, holds(residue.value), |f| {
            f.expected(to_cents(left)).found(residue)
        });
    }
    let Some(note) = &allocation.note else { return };
    let named = amounts(&note.text);
    if !named.is_empty() {
        findings.check(Rule::NoteResidue, &note.at, named.iter().any(|amount| holds(*amount)), |f| {
            let words = named.iter().map(Decimal::to_string).collect::<Vec<_>>().join(", ");
            f.expected(to_cents(left)).found(words)
        });
    }
}

/// The sets of rows to which the residue may go: as the note says, else in any of the usual ways.
fn receivers(allocation: &Allocation, lines: &[Line]) -> Vec<Vec<Line>> {
    let of_band = |band: Option<usize>| lines.iter().filter(|line| line.band == band).copied().collect::<Vec<_>>();
    let bands = || lines.iter().map(|line| line.band);
    if bands().any(|band| band.is_none()) {
        return vec![lines[lines.len() - 1..].to_vec(), lines[..1].to_vec(), lines.to_vec()];
    }
    let last = of_band(bands().max().flatten());
    let first = of_band(bands().min().flatten());
    match allocation.note.as_ref().and_then(|note| residue_band(&note.text)) {
        Some(ResidueBand::Last) => vec![last],
        Some(ResidueBand::First) => vec![first],
        None => vec![last, first, lines.to_vec()],
    }
}

/// The faults there are if `receiving` share the residue, and whether they share it in a known way.
fn placed(lines: &[Line], receiving: &[Line], budget: Decimal) -> (Faults, bool) {
    let others = lines.iter().filter(|line| !receiving.iter().any(|receiver| receiver.index == line.index));
    let (mut faults, mut elsewhere): (Faults, Decimal) = (vec![], Decimal::ZERO);
    for line in others {
        if line.is_at_share() {
            elsewhere += line.assigned;
        } else {
            elsewhere += to_cents(line.share);
            faults.push((line.index, line.share));
        }
    }
    let shares: Decimal = receiving.iter().map(|line| line.share).sum();
    let assigned: Decimal = receiving.iter().map(|line| line.assigned).sum();
    let residue = budget - elsewhere - shares;
    let within = methods(receiving, residue).into_iter().min_by_key(Vec::len).unwrap_or_default();
    let adds_up = same_cent(assigned + elsewhere, budget);
    let positive = receiving.iter().all(|line| line.is_at_share() || line.assigned > line.share);
    if !within.is_empty() && adds_up && positive {
        return (faults, false);
    }
    faults.extend(within);
    (faults, true)
}

/// The faults by each way to split the residue: in proportion to what the percentages give or to what was requested,
/// evenly, to one row.
fn methods(receiving: &[Line], residue: Decimal) -> [Faults; 4] {
    let shares: Decimal = receiving.iter().map(|line| line.share).sum();
    // Whoever splits a residue may give some cents more here and some less there; the sum is checked by itself.
    let cent = Decimal::new(1, 2);
    let count = Decimal::from(receiving.len().max(1));
    let off = |tolerance: Decimal, part: &dyn Fn(&Line) -> Decimal| -> Faults {
        let expected = receiving.iter().map(|line| (line, line.share + part(line)));
        let off = expected.filter(|(line, amount)| (line.assigned - amount).abs() >= tolerance);
        off.map(|(line, amount)| (line.index, amount)).collect()
    };
    let several = if receiving.len() > 1 { cent * (count + Decimal::ONE) } else { cent };
    let in_proportion_to = |weight: fn(&Line) -> Decimal| {
        let all: Decimal = receiving.iter().map(weight).sum();
        off(several, &|line| if all.is_zero() { Decimal::ZERO } else { weight(line) / all * residue })
    };
    let even = off(several, &|_| residue / count);
    // One row takes what all the others leave, as cut or rounded to the cent as they are.
    let kept = |line: &Line| if line.is_at_share() { line.assigned } else { line.share };
    let all_kept: Decimal = receiving.iter().map(kept).sum();
    let whole = |line: &Line| residue + shares - all_kept + kept(line) - line.share;
    let takes_it = |line: &&Line| same_cent(line.assigned, line.share + whole(line));
    let one =
        receiving.iter().find(takes_it).or(receiving.iter().find(|line| !line.is_at_share())).or(receiving.last());
    let one = one.map(|line| line.index);
    let single = off(cent, &|line| if Some(line.index) == one { whole(line) } else { Decimal::ZERO });
    [in_proportion_to(|line| line.share), in_proportion_to(|line| line.requested), even, single]
}
