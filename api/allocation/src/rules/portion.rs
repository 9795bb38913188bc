//! Sharing a sum out in proportion to weights, to the cent, with nobody above a cap.

use concilia_kernel::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who takes part: with which weight, and up to how much.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    pub weight: Decimal,
    pub cap: Money,
}

/// A part of a sum, with the figures to check it: `pool * weight / total_weight`, cut to the cent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Portion {
    /// Round in which it was settled, from 1: each round shares out what those capped before left.
    #[schema(format = Int32, minimum = 1)]
    pub round: u32,
    /// EUR that the round shared out.
    pub pool: Money,
    /// Its weight.
    #[serde(with = "rust_decimal::serde::str")]
    #[schema(value_type = String, format = "decimal", max_length = 30, pattern = r"^\d{1,24}(\.\d{1,4})?$")]
    pub weight: Decimal,
    /// Weight of all that took part in the round.
    #[serde(with = "rust_decimal::serde::str")]
    #[schema(value_type = String, format = "decimal", max_length = 30, pattern = r"^\d{1,24}(\.\d{1,4})?$")]
    pub total_weight: Decimal,
    /// EUR of its share of the pool, cut to the cent.
    pub share: Money,
    /// Whether one of the cents left by the cuts came to it, by its remainder.
    pub extra_cent: bool,
    /// Whether its share was above what it may get, which is then what it got.
    pub capped: bool,
    /// EUR that it got.
    pub given: Money,
}

/// Shares `pool` out among `claims` in proportion to their weights.
///
/// Shares above their caps are set to them, and what they leave is shared out again among the others, until none is
/// above. The others' shares are cut to the cent, and the cents left go one each to the greatest remainders; equal
/// remainders in the order of the claims. Less than the pool is given only when every claim with a weight is at its
/// cap. A claim without weight gets nothing.
pub fn share_out(pool: Money, claims: &[Claim]) -> Vec<Option<Portion>> {
    let mut portions: Vec<Option<Portion>> = vec![None; claims.len()];
    let mut open: Vec<usize> = (0..claims.len()).filter(|&at| claims[at].weight > Decimal::ZERO).collect();
    let mut left = pool;
    for round in 1.. {
        let total_weight: Decimal = open.iter().map(|&at| claims[at].weight).sum();
        if open.is_empty() || !left.is_positive() {
            break;
        }
        let this_round = Round { number: round, pool: left, total_weight };
        let (capped, free): (Vec<usize>, Vec<usize>) =
            open.iter().partition(|&&at| this_round.exceeds(claims[at]));
        if capped.is_empty() {
            this_round.settle(claims, &free, &mut portions);
            break;
        }
        for at in capped {
            portions[at] = Some(this_round.at_cap(claims[at]));
            left -= claims[at].cap;
        }
        open = free;
    }
    portions
}

struct Round {
    number: u32,
    pool: Money,
    total_weight: Decimal,
}

/// Weights have at most four decimals, so that ten thousand times one is whole.
fn units(weight: Decimal) -> i128 {
    (weight * Decimal::from(10_000)).trunc().mantissa()
}

impl Round {
    /// Whole cents of the claim's share, and the remainder in parts of the total weight.
    fn cut(&self, weight: Decimal) -> (i64, i128) {
        let product = i128::from(self.pool.cents()) * units(weight);
        let total = units(self.total_weight);
        (i64::try_from(product / total).unwrap_or(i64::MAX), product % total)
    }

    fn exceeds(&self, claim: Claim) -> bool {
        let (cents, remainder) = self.cut(claim.weight);
        (cents, remainder) > (claim.cap.cents(), 0)
    }

    fn portion(&self, claim: Claim) -> Portion {
        let share = Money::from_cents(self.cut(claim.weight).0);
        Portion {
            round: self.number,
            pool: self.pool,
            weight: claim.weight,
            total_weight: self.total_weight,
            share,
            extra_cent: false,
            capped: false,
            given: share,
        }
    }

    fn at_cap(&self, claim: Claim) -> Portion {
        Portion { capped: true, given: claim.cap, ..self.portion(claim) }
    }

    /// The last round: nobody is above a cap.
    fn settle(&self, claims: &[Claim], open: &[usize], portions: &mut [Option<Portion>]) {
        let mut given = Money::ZERO;
        let mut remainders: Vec<(i128, usize)> = vec![];
        for &at in open {
            let portion = self.portion(claims[at]);
            given += portion.given;
            remainders.push((self.cut(claims[at].weight).1, at));
            portions[at] = Some(portion);
        }
        remainders.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
        let cents = usize::try_from((self.pool - given).cents()).unwrap_or(0);
        for &(_, at) in remainders.iter().take(cents) {
            if let Some(portion) = &mut portions[at] {
                portion.extra_cent = true;
                portion.given += Money::from_cents(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn claims(claims: &[(i64, i64)]) -> Vec<Claim> {
        claims
            .iter()
            .map(|(weight, cap)| Claim { weight: Decimal::new(*weight, 2), cap: Money::from_cents(*cap) })
            .collect()
    }

    fn given(pool: i64, of: &[(i64, i64)]) -> Vec<i64> {
        let portions = share_out(Money::from_cents(pool), &claims(of));
        portions.iter().map(|portion| portion.as_ref().map_or(0, |portion| portion.given.cents())).collect()
    }

    #[test]
    fn cents_go_to_the_greatest_remainders_and_equal_ones_in_order() {
        assert_eq!(given(100, &[(1, 100), (1, 100), (1, 100)]), [34, 33, 33]);
        assert_eq!(given(100, &[(1, 100), (4, 100), (1, 100)]), [17, 67, 16]);
    }

    #[test]
    fn what_is_above_a_cap_is_shared_out_again() {
        assert_eq!(given(100, &[(1, 10), (1, 100), (2, 100)]), [10, 30, 60]);
        // The second is above its cap only once the first has left something.
        assert_eq!(given(100, &[(50, 10), (25, 40), (25, 100)]), [10, 40, 50]);
        assert_eq!(given(100, &[(1, 10), (1, 20)]), [10, 20]);
        assert_eq!(given(100, &[(0, 100), (1, 60)]), [0, 60]);
        assert_eq!(given(0, &[(1, 100)]), [0]);
        assert_eq!(given(100, &[]), Vec::<i64>::new());
    }

    proptest! {
        #[test]
        fn the_pool_is_given_whole_unless_all_are_at_their_caps(
            pool in 0_i64..1_000_000,
            of in prop::collection::vec((0_i64..1000, 0_i64..100_000), 0..30),
        ) {
            let given = given(pool, &of);
            for (given, (_, cap)) in given.iter().zip(&of) {
                prop_assert!(given <= cap);
            }
            let room: i64 = of.iter().filter(|(weight, _)| *weight > 0).map(|(_, cap)| cap).sum();
            prop_assert_eq!(given.iter().sum::<i64>(), pool.min(room));
        }

        #[test]
        fn without_caps_nobody_is_a_cent_away_from_the_exact_share(
            pool in 1_i64..1_000_000,
            weights in prop::collection::vec(1_i64..1000, 1..30),
        ) {
            let of: Vec<(i64, i64)> = weights.iter().map(|weight| (*weight, i64::MAX / 1000)).collect();
            let total: i64 = weights.iter().sum();
            for (given, weight) in given(pool, &of).iter().zip(&weights) {
                prop_assert!((given * total - pool * weight).abs() < total);
            }
        }
    }
}
