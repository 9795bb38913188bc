//! Scores, which rank the rows and put them in bands.

use crate::document::{Allocation, Row};
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// The score of each row, once the one at fault is made out: where rows are out of order, and one score alone puts them
/// in order if it is what the total leaves for it, total and order agree against it.
pub(super) fn made_out(allocation: &Allocation, rows: &[Row], bands: &[Option<usize>]) -> Vec<Option<Decimal>> {
    let stated: Vec<Option<Decimal>> = rows.iter().map(|row| Some(row.score.as_ref()?.value)).collect();
    mended(allocation, &stated, bands).map_or(stated, |scores| scores.into_iter().map(Some).collect())
}

fn mended(allocation: &Allocation, stated: &[Option<Decimal>], bands: &[Option<usize>]) -> Option<Vec<Decimal>> {
    let scores: Vec<Decimal> = stated.iter().copied().collect::<Option<_>>()?;
    let surplus = scores.iter().sum::<Decimal>() - allocation.totals.score.as_ref()?.value;
    let below = out_of_order(&scores, bands)?;
    let tried = [below - 1, below].into_iter().filter_map(|row| {
        let mut tried = scores.clone();
        tried[row] -= surplus;
        let fits = tried[row] >= Decimal::ZERO && out_of_order(&tried, bands).is_none();
        fits.then_some(tried)
    });
    let mut tried = tried.fuse();
    tried.next().filter(|_| tried.next().is_none())
}

/// The first row that has no place below the one above it, by its score or by its band.
fn out_of_order(scores: &[Decimal], bands: &[Option<usize>]) -> Option<usize> {
    (1..scores.len()).find(|below| {
        let above = below - 1;
        let (better, worse) = (bands[above], bands[*below]);
        match scores[*below].cmp(&scores[above]) {
            Ordering::Greater => true,
            Ordering::Equal => better != worse,
            Ordering::Less => better > worse,
        }
    })
}
