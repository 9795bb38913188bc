//! Where what the percentages leave of the budget goes.

use super::plan::{AllocationOutcome, PlanRow};
use super::portion::{Claim, share_out};
use super::terms::BandsResidue;
use concilia_kernel::Money;

/// Places `residue` by its rule, in proportion to what rows got, none above its admissible amount. What finds no
/// place stays unassigned. Only rows that already get something take part.
pub fn place(residue: Money, rule: BandsResidue, rows: &mut [PlanRow]) {
    let mut bands: Vec<Option<i16>> =
        rows.iter().filter(|row| row.outcome == AllocationOutcome::Funded).map(|row| row.band).collect();
    bands.sort_unstable();
    bands.dedup();
    match rule {
        BandsResidue::Keep => {}
        BandsResidue::Spread => {
            share_among(residue, rows, |_| true);
        }
        BandsResidue::FirstBand => {
            bands.iter().fold(residue, |left, band| share_among(left, rows, |row| row.band == *band));
        }
        BandsResidue::LastBand => {
            bands.iter().rev().fold(residue, |left, band| share_among(left, rows, |row| row.band == *band));
        }
    }
}

/// Shares out among the rows that take part, and tells what is left.
fn share_among(pool: Money, rows: &mut [PlanRow], among: impl Fn(&PlanRow) -> bool) -> Money {
    let claim = |row: &PlanRow| Claim {
        weight: if among(row) { row.base_amount.decimal() } else { Money::ZERO.decimal() },
        cap: row.admissible - row.base_amount,
    };
    let claims: Vec<Claim> = rows.iter().map(claim).collect();
    let mut left = pool;
    for (row, portion) in rows.iter_mut().zip(share_out(pool, &claims)) {
        if let Some(portion) = portion {
            left -= portion.given;
            row.assigned += portion.given;
            row.residue_portion = Some(portion);
        }
    }
    left
}
