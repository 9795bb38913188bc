//! The computation: pure, the same whatever the order of its input.

use super::plan::{
    AllocationBasis, AllocationOutcome as Outcome, AllocationWeight, BandSum, Plan, PlanRow, Product, Turn,
};
use super::portion::{Claim, share_out};
use super::proposal::{Proposal, in_order};
use super::residue;
use super::terms::{
    AllocationTerms, BandsResidue, BandsTerms, FlatPercentageTerms, LastFunded, RankedInFullTerms,
};
use concilia_kernel::{Money, Ratio};
use concilia_planning::Points;

/// Shares `budget` out among `proposals`.
///
/// A plan above the budget is not trimmed: it says by how much it is above, and gives no residue.
pub fn allocate(
    budget: Money,
    minimum_score: Option<Points>,
    terms: &AllocationTerms,
    proposals: &[Proposal],
) -> Plan {
    let mut rows: Vec<PlanRow> = in_order(proposals, terms.tie_breaks())
        .into_iter()
        .zip(1..)
        .map(|(proposal, position)| untouched(proposal, position, minimum_score))
        .collect();
    match terms {
        AllocationTerms::Bands(terms) => by_band(terms, &mut rows),
        AllocationTerms::FlatPercentage(terms) => flat(terms, &mut rows),
        AllocationTerms::RankedInFull(terms) => down_the_list(terms, budget, &mut rows),
        AllocationTerms::Proportional(_) => in_proportion(budget, &mut rows),
    }
    let base_amount: Money = rows.iter().map(|row| row.base_amount).sum();
    let over_by = (base_amount - budget).max(Money::ZERO);
    let rule = match terms {
        AllocationTerms::Bands(terms) => terms.residue,
        AllocationTerms::FlatPercentage(terms) => terms.residue.into(),
        AllocationTerms::RankedInFull(_) | AllocationTerms::Proportional(_) => BandsResidue::Keep,
    };
    if over_by.is_zero() {
        residue::place(budget - base_amount, rule, &mut rows);
    }
    let assigned: Money = rows.iter().map(|row| row.assigned).sum();
    Plan {
        bands: band_sums(terms, &rows),
        budget,
        requested: rows.iter().map(|row| row.requested).sum(),
        admissible: rows.iter().map(|row| row.admissible).sum(),
        base_amount,
        assigned,
        residue: (budget - assigned).max(Money::ZERO),
        over_by,
        rows,
    }
}

fn untouched(proposal: &Proposal, position: i32, minimum_score: Option<Points>) -> PlanRow {
    let too_low = minimum_score.is_some_and(|minimum| proposal.score < minimum);
    PlanRow {
        position,
        project_id: proposal.project_id,
        reference: proposal.reference.clone(),
        score: proposal.score,
        requested: proposal.requested,
        admissible: proposal.admissible.min(proposal.requested),
        admissible_reason: proposal.admissible_reason.clone(),
        band: None,
        percentage: None,
        basis: AllocationBasis::NotApplied {},
        base_amount: Money::ZERO,
        residue_portion: None,
        assigned: Money::ZERO,
        outcome: if too_low { Outcome::BelowMinimumScore } else { Outcome::NothingDue },
    }
}

impl PlanRow {
    fn takes_part(&self) -> bool {
        self.outcome != Outcome::BelowMinimumScore
    }

    fn give(&mut self, basis: AllocationBasis, amount: Money) {
        self.basis = basis;
        self.base_amount = amount;
        self.assigned = amount;
        self.outcome = if amount.is_positive() { Outcome::Funded } else { Outcome::NothingDue };
    }

    fn give_percentage(&mut self, percentage: Ratio) {
        let product = percentage.of(self.admissible);
        self.percentage = Some(percentage);
        self.give(AllocationBasis::Percentage(Product { product }), Money::truncated(product));
    }
}

fn by_band(terms: &BandsTerms, rows: &mut [PlanRow]) {
    for row in rows.iter_mut().filter(|row| row.takes_part()) {
        match (1..).zip(&terms.bands).find(|(_, band)| row.score >= band.minimum_score) {
            Some((number, band)) => {
                row.band = Some(number);
                row.give_percentage(band.percentage);
            }
            None => row.outcome = Outcome::BelowLowestBand,
        }
    }
}

fn flat(terms: &FlatPercentageTerms, rows: &mut [PlanRow]) {
    for row in rows.iter_mut().filter(|row| row.takes_part()) {
        row.give_percentage(terms.percentage);
    }
}

fn down_the_list(terms: &RankedInFullTerms, budget: Money, rows: &mut [PlanRow]) {
    let mut left = budget;
    let mut ended = false;
    for row in rows.iter_mut().filter(|row| row.takes_part()) {
        let basis = AllocationBasis::Turn(Turn { left, ended });
        let amount = match (terms.last, row.admissible <= left) {
            _ if ended => Money::ZERO,
            (_, true) => row.admissible,
            (LastFunded::Partial, false) => left,
            (LastFunded::Skip | LastFunded::Stop, false) => Money::ZERO,
        };
        ended |= row.admissible > left && terms.last != LastFunded::Skip;
        left -= amount;
        row.give(basis, amount);
        if amount.is_zero() && row.admissible.is_positive() {
            row.outcome = Outcome::BudgetExhausted;
        }
    }
}

fn in_proportion(budget: Money, rows: &mut [PlanRow]) {
    let claim = |row: &PlanRow| Claim {
        weight: if row.takes_part() {
            row.score.decimal() * row.admissible.decimal()
        } else {
            Money::ZERO.decimal()
        },
        cap: row.admissible,
    };
    let claims: Vec<Claim> = rows.iter().map(claim).collect();
    for (row, portion) in rows.iter_mut().zip(share_out(budget, &claims)) {
        if row.takes_part() {
            let amount = portion.as_ref().map_or(Money::ZERO, |portion| portion.given);
            row.give(AllocationBasis::AllocationWeight(AllocationWeight { portion }), amount);
        }
    }
}

fn band_sums(terms: &AllocationTerms, rows: &[PlanRow]) -> Vec<BandSum> {
    let AllocationTerms::Bands(terms) = terms else { return vec![] };
    let sum_of = |number: i16, rows: &mut dyn Iterator<Item = &PlanRow>, terms: &BandsTerms| {
        let band = terms.bands.get(usize::try_from(number - 1).ok()?)?;
        let empty = BandSum {
            band: number,
            minimum_score: band.minimum_score,
            percentage: band.percentage,
            projects: 0,
            requested_grant: Money::ZERO,
            admissible_amount: Money::ZERO,
            base_amount: Money::ZERO,
            residue_share: Money::ZERO,
            assigned_grant: Money::ZERO,
        };
        Some(rows.fold(empty, |mut sum, row| {
            sum.projects += 1;
            sum.requested_grant += row.requested;
            sum.admissible_amount += row.admissible;
            sum.base_amount += row.base_amount;
            sum.residue_share += row.residue_share();
            sum.assigned_grant += row.assigned;
            sum
        }))
    };
    let numbers = 1..=i16::try_from(terms.bands.len()).unwrap_or(i16::MAX);
    numbers
        .filter_map(|number| sum_of(number, &mut rows.iter().filter(|row| row.band == Some(number)), terms))
        .collect()
}
