//! Bands: their percentages, and which rows are in which.

use super::entries::{Entry, band, common_percentage, grant_sides_with};
use super::note::bands_cut;
use crate::document::{Allocation, Criterion, Figure, Row};
use crate::finding::Findings;
use crate::rule::Rule;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// Without every row it is not known whether the initial percentages exceed the budget.
pub(super) fn check_percentages(
    allocation: &Allocation,
    entries: &[Entry<'_>],
    rows_are_complete: bool,
    findings: &mut Findings,
) {
    for list in [&allocation.initial, &allocation.finals].into_iter().flatten() {
        for pair in list.windows(2) {
            findings.check(Rule::BandPercentagesOrder, &pair[1].at, pair[1].value <= pair[0].value, |f| {
                f.expected(format!("<= {}", pair[0])).found(&pair[1]).related([&pair[0].at])
            });
        }
    }
    let (Some(initial), Some(finals)) = (&allocation.initial, &allocation.finals) else { return };
    findings.check(
        Rule::BandCounts,
        &format!("{}/final_band_percentages", allocation.at),
        initial.len() == finals.len(),
        |f| {
            let related = [format!("{}/initial_band_percentages", allocation.at)];
            f.expected(initial.len()).found(finals.len()).related(related)
        },
    );
    named_cuts(allocation, initial, finals, findings);
    let Some(exceed) = initial_exceed(allocation, initial, entries).filter(|_| rows_are_complete) else { return };
    for (initial, last) in initial.iter().zip(finals) {
        let (rule, holds, limit) = if exceed {
            (Rule::BandPercentagesCut, last.value <= initial.value, "<=")
        } else {
            (Rule::BandPercentagesKept, last.value >= initial.value, ">=")
        };
        findings.check(rule, &last.at, holds, |f| {
            f.expected(format!("{limit} {initial}")).found(last).related([&initial.at])
        });
    }
}

/// The note may name the bands that were cut: they were, and no others. A final percentage above the initial one is
/// another rule's.
fn named_cuts(allocation: &Allocation, initial: &[Figure], finals: &[Figure], findings: &mut Findings) {
    let Some(note) = &allocation.note else { return };
    let Some(bands) = bands_cut(&note.text) else { return };
    for (number, (initial, last)) in (1..).zip(initial.iter().zip(finals)) {
        let named = bands.contains(&number);
        let holds = if named { initial.value != last.value } else { initial.value <= last.value };
        findings.check(Rule::NoteBandsCut, &initial.at, holds, |f| {
            let limit = if named { "> " } else { "" };
            f.expected(format!("{limit}{last}")).found(initial).related([&last.at, &note.at])
        });
    }
}

/// Whether the initial percentages ask for more than the budget.
fn initial_exceed(allocation: &Allocation, initial: &[Figure], entries: &[Entry<'_>]) -> Option<bool> {
    let budget = allocation.budget.as_ref()?.value;
    allocation.rows.as_ref()?;
    let asked = entries.iter().map(|entry| Some(initial.get(entry.band?)?.value * entry.requested?));
    Some(asked.sum::<Option<Decimal>>()? > budget)
}

pub(super) fn check_rows(
    allocation: &Allocation,
    entries: &[Entry<'_>],
    criteria: Option<&[Criterion]>,
    findings: &mut Findings,
) {
    let bands = allocation.finals.as_ref().or(allocation.initial.as_ref()).map(Vec::len);
    let maximum: Option<Decimal> = criteria
        .filter(|criteria| !criteria.is_empty())
        .and_then(|criteria| criteria.iter().map(|criterion| criterion.maximum.as_ref().map(|m| m.value)).sum());
    for entry in entries {
        let row = entry.row;
        if let (Some(number), Some(bands)) = (&row.band, bands) {
            let holds = band(row).is_some_and(|band| band < bands);
            findings.check(Rule::RowBand, &number.at, holds, |f| {
                f.subject(row.lead()).expected(format!("1 - {bands}")).found(number)
            });
        }
        let (Some(score), Some(made_out)) = (&row.score, entry.score) else { continue };
        if made_out != score.value {
            findings.check(Rule::AllocationTotals, &score.at, false, |f| {
                let disagreeing = [&allocation.totals.score, &row.band].into_iter().flatten();
                let related = disagreeing.map(|figure| &figure.at);
                f.subject(row.lead()).expected(made_out).found(score).related(related)
            });
        }
        if let Some(maximum) = maximum {
            findings.check(Rule::ScoreWithinMaximum, &score.at, made_out <= maximum, |f| {
                f.subject(row.lead()).expected(format!("<= {maximum}")).found(score).related(["/criteria"])
            });
        }
    }
    for pair in entries.windows(2) {
        let (Some(above), Some(below)) = (&pair[0].row.score, &pair[1].row.score) else { continue };
        findings.check(Rule::RowsRanked, &below.at, pair[1].score <= pair[0].score, |f| {
            f.subject(pair[1].row.lead()).expected(format!("<= {above}")).found(below).related([&above.at])
        });
    }
}

pub(super) fn check_row_percentages(allocation: &Allocation, entries: &[Entry<'_>], findings: &mut Findings) {
    wrong_bands(allocation, entries, findings);
    // A band that is at fault has been reported.
    let mut in_question: Vec<bool> =
        entries.iter().map(|entry| entry.band.is_none() || entry.band != band(entry.row)).collect();
    if let Some(finals) = &allocation.finals {
        for (index, of_band) in finals.iter().enumerate() {
            // Where all rows of a band agree, the list is at fault.
            let common = common_percentage(allocation.rows.as_deref().unwrap_or_default(), Some(index))
                .or_else(|| only_percentage(entries, index, of_band));
            if let Some(common) = common {
                findings.check(Rule::RowPercentage, &of_band.at, common == of_band.value, |f| {
                    f.expected(common).found(of_band).related([format!("{}/rows", allocation.at)])
                });
                continue;
            }
            for (place, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.band == Some(index)) {
                let Some(percentage) = &entry.row.percentage else { continue };
                in_question[place] |=
                    !findings.check(Rule::RowPercentage, &percentage.at, percentage.value == of_band.value, |f| {
                        f.subject(entry.row.lead())
                            .expected(of_band)
                            .found(percentage)
                            .related([&of_band.at])
                            .related(entry.row.band.iter().map(|band| &band.at))
                    });
            }
        }
    }
    by_score(entries, &in_question, findings);
}

/// The percentage of a band's only row, where its grant agrees with it against the list's.
fn only_percentage(entries: &[Entry<'_>], index: usize, of_band: &Figure) -> Option<Decimal> {
    let mut of_index = entries.iter().filter(|entry| entry.band == Some(index));
    let row = of_index.next().filter(|_| of_index.next().is_none())?.row;
    row.percentage.as_ref().filter(|own| grant_sides_with(row, own, of_band)).map(|own| own.value)
}

/// Rows whose percentage and grant are another band's. One whose band does not exist has been reported.
fn wrong_bands(allocation: &Allocation, entries: &[Entry<'_>], findings: &mut Findings) {
    for entry in entries {
        let (Some(number), Some(made_out)) = (&entry.row.band, entry.band) else { continue };
        let of_stated =
            allocation.finals.as_deref().zip(band(entry.row)).and_then(|(finals, band)| finals.get(band));
        let Some(of_stated) = of_stated.filter(|_| band(entry.row) != Some(made_out)) else { continue };
        findings.check(Rule::RowPercentage, &number.at, false, |f| {
            let row = entry.row;
            let related = row.percentage.iter().chain(&row.assigned).chain([of_stated]).map(|figure| &figure.at);
            f.subject(row.lead()).expected(made_out + 1).found(number).related(related)
        });
    }
}

/// Reports the fewest rows that would have to change. A row whose percentage is that of another band is left out: its
/// band is most likely a slip, and has been reported.
fn by_score(entries: &[Entry<'_>], in_question: &[bool], findings: &mut Findings) {
    let mut scored: Vec<(Decimal, usize, &Row)> = entries
        .iter()
        .zip(in_question)
        .filter(|(_, in_question)| !**in_question)
        .filter_map(|(entry, _)| Some((entry.score?, entry.band?, entry.row)))
        .collect();
    scored.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
    // From the best score down, a band never gets better; from the worst up, never worse; equal scores, equal bands.
    let downwards = out_of_order(scored.iter(), |band, seen| band < seen);
    let upwards = out_of_order(scored.iter().rev(), |band, seen| band > seen);
    let fewest = if upwards.len() < downwards.len() { upwards } else { downwards };
    let fewest: HashMap<*const Row, (usize, &str)> =
        fewest.into_iter().map(|(row, seen)| (std::ptr::from_ref(row), seen)).collect();
    for (score, band, row) in &scored {
        let Some(number) = &row.band else { continue };
        let other = fewest.get(&std::ptr::from_ref(*row)).copied();
        findings.check(Rule::BandsByScore, &number.at, other.is_none(), |f| {
            let (expected, at) = other.map_or((0, ""), |(seen, at)| (seen + 1, at));
            f.subject(format!("{} ({score})", row.lead())).expected(expected).found(band + 1).related([at])
        });
    }
}

type Scored<'r> = (Decimal, usize, &'r Row);

/// The rows whose band is on the wrong side of one already seen, each with that band and its place.
fn out_of_order<'r>(
    rows: impl Iterator<Item = &'r Scored<'r>>,
    wrong: fn(usize, usize) -> bool,
) -> Vec<(&'r Row, (usize, &'r str))> {
    let mut found = vec![];
    let mut extreme: Option<(Decimal, usize, &str)> = None;
    for (score, band, row) in rows {
        let at = row.band.as_ref().map_or("", |band| band.at.as_str());
        match extreme {
            Some((_, seen, place)) if wrong(*band, seen) => found.push((*row, (seen, place))),
            Some((same, seen, place)) if same == *score && seen != *band => found.push((*row, (seen, place))),
            _ => extreme = Some((*score, *band, at)),
        }
    }
    found
}
