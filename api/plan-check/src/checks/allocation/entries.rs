//! Each row with what it should say, once the figure at fault is made out.

use super::super::same_cent;
use super::{Book, scores};
use crate::document::{Allocation, Figure, Row};
use rust_decimal::Decimal;
use std::collections::{HashMap, HashSet};

/// The percentage that all rows of a band have, for each band that is stated.
type Common = HashMap<Option<usize>, Option<Decimal>>;

pub(super) struct Entry<'d> {
    pub(super) row: &'d Row,
    pub(super) project: Option<(usize, &'d Book)>,
    /// Index of the band in the lists of percentages.
    pub(super) band: Option<usize>,
    pub(super) score: Option<Decimal>,
    /// What the row's band gives.
    pub(super) percentage: Option<Decimal>,
    pub(super) requested: Option<Decimal>,
}

impl Entry<'_> {
    /// The percentage of the request, not rounded.
    pub(super) fn share(&self) -> Option<Decimal> {
        self.percentage?.checked_mul(self.requested?)
    }
}

pub(super) fn of<'d>(
    allocation: &'d Allocation,
    rows: &'d [Row],
    pairs: &[Option<usize>],
    books: &'d [Book],
) -> Vec<Entry<'d>> {
    let finals = allocation.finals.as_deref();
    let common: Common = rows
        .iter()
        .map(band)
        .collect::<HashSet<_>>()
        .into_iter()
        .map(|band| (band, common_percentage(rows, band)))
        .collect();
    let bands: Vec<Option<usize>> = rows.iter().map(|row| known_band(row, finals, &common)).collect();
    let scores = scores::made_out(allocation, rows, &bands);
    rows.iter()
        .zip(pairs)
        .zip(bands.into_iter().zip(scores))
        .map(|((row, pair), (band, score))| {
            let project = pair.and_then(|index| Some((index, books.get(index)?)));
            let of_band = band.and_then(|band| finals?.get(band)).map(|percentage| percentage.value);
            let percentages = choices(
                of_band,
                common.get(&band).copied().flatten().or(row.percentage.as_ref().map(|p| p.value)),
            );
            let requested = row.requested.as_ref().map(|requested| requested.value);
            let of_project = project.map(|(_, book)| &book.requested).filter(|of_project| {
                // Where the project contradicts itself, the row has chosen.
                !requested.is_some_and(|requested| of_project.contains(&requested))
            });
            let requests = choices(of_project.and_then(|requested| requested.first().copied()), requested);
            let (percentage, requested) = fitting(&percentages, &requests, row.assigned.as_ref().map(|a| a.value));
            Entry { row, project, band, score, percentage, requested }
        })
        .collect()
}

pub(super) fn band(row: &Row) -> Option<usize> {
    let number: usize = row.band.as_ref()?.value.try_into().ok()?;
    number.checked_sub(1)
}

/// The band of a row; where there is no such band, the one of its percentage. So, too, where percentage and grant agree
/// on another band, unless all rows of the stated one have that percentage: then the list is at fault.
fn known_band(row: &Row, finals: Option<&[Figure]>, common: &Common) -> Option<usize> {
    let stated = band(row)?;
    let Some(finals) = finals else { return Some(stated) };
    let of_percentage = |percentage: &Figure| finals.iter().position(|of_band| of_band.value == percentage.value);
    let Some(of_band) = finals.get(stated) else { return of_percentage(row.percentage.as_ref()?) };
    let rows_differ = common.get(&Some(stated)).copied().flatten().is_none();
    let agreeing = row.percentage.as_ref().filter(|own| rows_differ && grant_sides_with(row, own, of_band));
    agreeing.and_then(of_percentage).or(Some(stated))
}

/// Whether the grant comes nearer to the row's `own` percentage than to the one `of_band`.
pub(super) fn grant_sides_with(row: &Row, own: &Figure, of_band: &Figure) -> bool {
    let (Some(requested), Some(assigned)) = (&row.requested, &row.assigned) else { return false };
    let off = |percentage: &Figure| (percentage.value * requested.value - assigned.value).abs();
    off(own) < off(of_band)
}

/// The percentage that all rows of a band have, where there are several.
pub(super) fn common_percentage(rows: &[Row], wanted: Option<usize>) -> Option<Decimal> {
    let wanted = wanted?;
    let mut of_band = rows.iter().filter(|row| band(row) == Some(wanted)).map(|row| row.percentage.as_ref());
    let first = of_band.next()??.value;
    let mut several = false;
    let same = of_band.all(|percentage| {
        several = true;
        percentage.is_some_and(|percentage| percentage.value == first)
    });
    (several && same).then_some(first)
}

fn choices(first: Option<Decimal>, second: Option<Decimal>) -> Vec<Decimal> {
    let mut both: Vec<Decimal> = first.into_iter().chain(second).collect();
    both.dedup();
    both
}

/// Of percentages and requests that contradict each other, those that explain the grant; else the percentage that
/// comes nearest to it, and the project's request.
fn fitting(
    percentages: &[Decimal],
    requests: &[Decimal],
    assigned: Option<Decimal>,
) -> (Option<Decimal>, Option<Decimal>) {
    let request = requests.first().copied();
    let (Some(assigned), Some(first)) = (assigned, request) else {
        return (percentages.first().copied(), request);
    };
    let mut pairs =
        percentages.iter().flat_map(|percentage| requests.iter().map(move |request| (*percentage, *request)));
    if let Some((percentage, request)) =
        pairs.find(|(percentage, request)| same_cent(percentage * request, assigned))
    {
        return (Some(percentage), Some(request));
    }
    let nearest = percentages.iter().min_by_key(|percentage| (**percentage * first - assigned).abs());
    (nearest.copied(), request)
}
