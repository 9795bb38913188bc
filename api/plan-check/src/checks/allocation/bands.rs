//! Bands: their percentages, and which rows are in which.

use super::entries::{Entry, band, common_percentage};
use super::note::bands_cut;
use crate::document::{Allocation, Criterion, Figure, Row};
use crate::finding::Findings;
use crate::rule::Rule;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// Without every row it is not known whether the initial percentages exceed the budget.
pub(super) fn check_percentages(allocation: &Allocation, rows_are_complete: bool, findings: &mut Findings) {
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
    let Some(exceed) = initial_exceed(allocation, initial).filter(|_| rows_are_complete) else { return };
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
fn initial_exceed(allocation: &Allocation, initial: &[Figure]) -> Option<bool> {
    let budget = allocation.budget.as_ref()?.value;
    let rows = allocation.rows.as_ref()?;
    let asked = rows.iter().map(|row| initial.get(band(row)?)?.value.checked_mul(row.requested.as_ref()?.value));
    Some(asked.sum::<Option<Decimal>>()? > budget)
}

pub(super) fn check_rows(
    allocation: &Allocation,
    rows: &[Row],
    criteria: Option<&[Criterion]>,
    findings: &mut Findings,
) {
    let bands = allocation.finals.as_ref().or(allocation.initial.as_ref()).map(Vec::len);
    let maximum: Option<Decimal> = criteria
        .filter(|criteria| !criteria.is_empty())
        .and_then(|criteria| criteria.iter().map(|criterion| criterion.maximum.as_ref().map(|m| m.value)).sum());
    for row in rows {
        if let (Some(number), Some(bands)) = (&row.band, bands) {
            let holds = band(row).is_some_and(|band| band < bands);
            findings.check(Rule::RowBand, &number.at, holds, |f| {
                f.subject(row.lead()).expected(format!("1 - {bands}")).found(number)
            });
        }
        if let (Some(score), Some(maximum)) = (&row.score, maximum) {
            findings.check(Rule::ScoreWithinMaximum, &score.at, score.value <= maximum, |f| {
                f.subject(row.lead()).expected(format!("<= {maximum}")).found(score).related(["/criteria"])
            });
        }
    }
    for pair in rows.windows(2) {
        let (Some(above), Some(below)) = (&pair[0].score, &pair[1].score) else { continue };
        findings.check(Rule::RowsRanked, &below.at, below.value <= above.value, |f| {
            f.subject(pair[1].lead()).expected(format!("<= {above}")).found(below).related([&above.at])
        });
    }
}

pub(super) fn check_row_percentages(allocation: &Allocation, entries: &[Entry<'_>], findings: &mut Findings) {
    let rows: Vec<&Row> = entries.iter().map(|entry| entry.row).collect();
    // A band that does not exist has been reported.
    let mut in_question: Vec<bool> =
        entries.iter().map(|entry| entry.band.is_none() || entry.band != band(entry.row)).collect();
    if let Some(finals) = &allocation.finals {
        for (index, of_band) in finals.iter().enumerate() {
            // Where all rows of a band agree, the list is at fault.
            let common = common_percentage(allocation.rows.as_deref().unwrap_or_default(), Some(index));
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
    by_score(&rows, &in_question, findings);
}

/// Reports the fewest rows that would have to change. A row whose percentage is that of another band is left out: its
/// band is most likely a slip, and has been reported.
fn by_score(rows: &[&Row], in_question: &[bool], findings: &mut Findings) {
    let mut scored: Vec<(Decimal, usize, &Row)> = rows
        .iter()
        .zip(in_question)
        .filter(|(_, in_question)| !**in_question)
        .filter_map(|(row, _)| Some((row.score.as_ref()?.value, band(row)?, *row)))
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
