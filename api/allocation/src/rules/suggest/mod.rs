//! Which whole percentages fit a budget.
//!
//! A choice is listed only if none of its percentages can be raised by one point, within its bounds, without exceeding
//! the budget: every other choice that fits is below one of these. There may be millions, so they are not
//! all made and then sorted: each ordering is searched from its best end ([`closest`], [`even`]), and branches that
//! cannot end in a choice are cut ([`field`]).

mod closest;
mod even;
mod field;

#[cfg(test)]
mod tests;

use super::proposal::Proposal;
use concilia_kernel::{Money, text_enum};
use concilia_planning::Points;
pub use field::BandBounds;
use field::Field;

text_enum! {
    /// How suggestions are ordered.
    pub enum SuggestionOrder {
        /// Fewest points cut in all; then the smallest of the greatest cuts, in points; then the smallest residue.
        Closest = "closest",
        /// Most even: the smallest spread between the greatest and the smallest cut, each relative to its starting
        /// percentage; then the smallest of the greatest relative cuts; then the smallest residue.
        Even = "even",
    }
}

/// Whole percentages that fit, one for each band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub percentages: Vec<u8>,
    pub total: Money,
    pub residue: Money,
    /// Points below the starting percentage, for each band; negative when above it.
    pub cuts: Vec<i16>,
    /// Cut over starting percentage, for each band, in millionths cut towards zero.
    pub relative_cuts: Vec<i64>,
}

impl Choice {
    pub fn total_cut(&self) -> i16 {
        self.cuts.iter().sum()
    }

    pub fn greatest_cut(&self) -> i16 {
        self.cuts.iter().copied().max().unwrap_or(0)
    }

    pub fn greatest_relative_cut(&self) -> i64 {
        self.relative_cuts.iter().copied().max().unwrap_or(0)
    }

    /// Between the greatest relative cut and the smallest.
    pub fn spread(&self) -> i64 {
        self.greatest_relative_cut() - self.relative_cuts.iter().copied().min().unwrap_or(0)
    }
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    pub choices: Vec<Choice>,
    /// Whether the search went as far as it had to. It gives up after a fixed amount of work, always the same for the
    /// same input; what it found by then fits, but something better may be missing.
    pub exhaustive: bool,
}

/// The first `limit` choices in the order asked, for bands from the highest scores to the lowest. `sums` says what
/// each whole percentage, 0 to 100, costs in each band.
pub fn choose(
    budget: Money,
    bands: &[BandBounds],
    sums: &[PercentageSums],
    order: SuggestionOrder,
    limit: usize,
) -> Choices {
    let Some(field) = Field::new(budget, bands, sums) else {
        return Choices { choices: vec![], exhaustive: true };
    };
    let mut choices = if field.everything_fits() {
        vec![field.at_the_maximum()]
    } else {
        match order {
            SuggestionOrder::Closest => closest::search(&field, limit),
            SuggestionOrder::Even => even::search(&field, limit),
        }
    };
    sort(&mut choices, order);
    choices.truncate(limit);
    Choices { choices, exhaustive: !field.gave_up() }
}

fn sort(choices: &mut [Choice], order: SuggestionOrder) {
    choices.sort_by(|one, other| {
        let by_key = match order {
            SuggestionOrder::Closest => {
                let key = |choice: &Choice| (choice.total_cut(), choice.greatest_cut(), choice.residue);
                key(one).cmp(&key(other))
            }
            SuggestionOrder::Even => {
                let key = |choice: &Choice| (choice.spread(), choice.greatest_relative_cut(), choice.residue);
                key(one).cmp(&key(other))
            }
        };
        by_key.then_with(|| other.percentages.cmp(&one.percentages))
    });
}

/// What each whole percentage, 0 to 100, costs: each product cut to the cent, as in the allocation itself.
pub type PercentageSums = [i64; 101];

/// The costs of whole percentages in each band of these minimum scores, from the highest to the lowest.
pub fn band_sums(minimum_score: Option<Points>, bands: &[Points], proposals: &[Proposal]) -> Vec<PercentageSums> {
    let mut sums = vec![[0; 101]; bands.len()];
    for proposal in proposals.iter().filter(|proposal| minimum_score.is_none_or(|least| proposal.score >= least)) {
        if let Some(band) = bands.iter().position(|minimum| proposal.score >= *minimum) {
            add(&mut sums[band], proposal.admissible.min(proposal.requested));
        }
    }
    sums
}

fn add(sums: &mut PercentageSums, admissible: Money) {
    for (sum, percent) in sums.iter_mut().zip(0..) {
        *sum += admissible.cents() * percent / 100;
    }
}
