//! Co-financing against the minimum share of the total, which is cut to the cent: 17,142.85 on 57,142.85 is enough
//! where 30% is asked, though 30% is 17,142.855.

use concilia_kernel::{Money, Ratio};
use rust_decimal::Decimal;

/// What the partners must put in at least where `total` is spent in all.
pub fn minimum(total: Money, share: Ratio) -> Money {
    Money::truncated(share.of(total))
}

/// How far co-financing has come against its minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Spent in all: grant and co-financing.
    pub total: Money,
    pub cofinancing: Money,
    pub minimum: Money,
    /// Missing to the minimum; zero when it is reached.
    pub missing: Money,
    /// Share of the total, cut to the ten-thousandth; zero where nothing is spent.
    pub share: Ratio,
}

impl Position {
    pub fn of(grant: Money, cofinancing: Money, share: Ratio) -> Self {
        let total = grant + cofinancing;
        let minimum = minimum(total, share);
        Self {
            total,
            cofinancing,
            minimum,
            missing: (minimum - cofinancing).max(Money::ZERO),
            share: part(cofinancing, total),
        }
    }
}

fn part(of: Money, total: Money) -> Ratio {
    if !total.is_positive() {
        return Ratio::ZERO;
    }
    let ten_thousandths = i128::from(of.cents()) * 10_000 / i128::from(total.cents());
    i64::try_from(ten_thousandths).ok().and_then(Ratio::ten_thousandths).unwrap_or(Ratio::ZERO)
}

/// The greatest grant beside which `cofinancing` still reaches its minimum share of the two; `None` where no
/// co-financing is asked.
pub fn greatest_grant(cofinancing: Money, share: Ratio) -> Option<Money> {
    if share == Ratio::ZERO {
        return None;
    }
    // share * total, cut to the cent, is within the co-financing as long as it is below the next cent.
    let next_cent = cofinancing + Money::from_cents(1);
    let first_too_great = next_cent.decimal() / share.decimal();
    let mut total = Money::truncated(first_too_great.min(Money::MAX.decimal()));
    // A quotient that is a whole number of cents, or that the division rounded up to one, is itself too great.
    while minimum(total, share) > cofinancing {
        total -= Money::from_cents(1);
    }
    Some((total - cofinancing).max(Money::ZERO))
}

/// Whether `cofinancing` reaches its minimum beside a budget of `total`.
pub fn is_reached(cofinancing: Money, total: Money, share: Ratio) -> bool {
    cofinancing >= minimum(total, share)
}

/// Percent with two decimals, for sentences.
pub fn percent(share: Ratio) -> Decimal {
    (share.decimal() * Decimal::from(100)).normalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn euro(text: &str) -> Money {
        text.parse().unwrap()
    }

    fn thirty() -> Ratio {
        Ratio::hundredths(30).unwrap()
    }

    #[test]
    fn the_project_that_misses_thirty_percent_by_half_a_cent_has_enough() {
        let position = Position::of(euro("40000.00"), euro("17142.85"), thirty());
        assert_eq!((position.minimum, position.missing), (euro("17142.85"), Money::ZERO));
        assert_eq!(position.share.to_string(), "0.2999");
        assert_eq!(greatest_grant(euro("17142.85"), thirty()), Some(euro("40000.01")));
        assert!(!is_reached(euro("17142.84"), euro("57142.85"), thirty()));
    }

    #[test]
    fn nothing_spent_asks_nothing() {
        let position = Position::of(Money::ZERO, Money::ZERO, thirty());
        assert_eq!((position.minimum, position.missing, position.share), (Money::ZERO, Money::ZERO, Ratio::ZERO));
        assert_eq!(greatest_grant(Money::ZERO, thirty()), Some(euro("0.03")));
        assert_eq!(greatest_grant(Money::ZERO, Ratio::ZERO), None);
        assert_eq!(greatest_grant(euro("100.00"), Ratio::WHOLE), Some(Money::ZERO));
    }

    proptest! {
        /// It passes, and one cent more does not.
        #[test]
        fn the_greatest_grant_is_the_last_that_passes(cents in 0_i64..=1_000_000_000, share in 1_i64..=10_000) {
            let (cofinancing, share) = (Money::from_cents(cents), Ratio::ten_thousandths(share).unwrap());
            let greatest = greatest_grant(cofinancing, share).unwrap();
            prop_assume!(greatest + cofinancing < Money::MAX - Money::from_cents(1));
            prop_assert!(is_reached(cofinancing, greatest + cofinancing, share));
            let more = greatest + Money::from_cents(1);
            prop_assert!(!is_reached(cofinancing, more + cofinancing, share));
        }

        #[test]
        fn what_is_missing_is_what_would_do(grant in 0_i64..=100_000_000, cents in 0_i64..=100_000_000, share in 0_i64..=10_000) {
            let share = Ratio::ten_thousandths(share).unwrap();
            let position = Position::of(Money::from_cents(grant), Money::from_cents(cents), share);
            prop_assert_eq!(position.missing.is_zero(), is_reached(position.cofinancing, position.total, share));
            prop_assert!(position.cofinancing + position.missing >= position.minimum);
        }
    }
}
