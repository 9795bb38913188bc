use rust_decimal::Decimal;

/// A numerator's share of a denominator, cut to four decimals; `None` of nothing.
pub fn share(numerator: Decimal, denominator: Option<Decimal>) -> Option<Decimal> {
    let denominator = denominator.filter(|whole| !whole.is_zero())?;
    let mut share = numerator.checked_div(denominator)?.trunc_with_scale(4);
    share.rescale(4);
    Some(share)
}

/// How a figure moved from one half-year to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub numerator: Decimal,
    /// Of the shares, where both halves have one.
    pub share: Option<Decimal>,
}

impl Change {
    pub fn between(
        (before, share_before): (Decimal, Option<Decimal>),
        (after, share_after): (Decimal, Option<Decimal>),
    ) -> Self {
        Self {
            numerator: after - before,
            share: share_after.zip(share_before).map(|(after, before)| after - before),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn shares_are_cut_and_nothing_has_none() {
        assert_eq!(share(decimal("71"), Some(decimal("159"))).unwrap().to_string(), "0.4465");
        assert_eq!(share(decimal("1"), Some(decimal("3"))).unwrap().to_string(), "0.3333");
        assert_eq!(share(decimal("5"), Some(Decimal::ZERO)), None);
        assert_eq!(share(decimal("5"), None), None);
    }

    proptest! {
        #[test]
        fn a_share_never_says_more_than_was_reached(part in 0_i64..1_000_000_000, whole in 1_i64..1_000_000_000) {
            let (part, whole) = (Decimal::new(part, 2), Decimal::new(whole, 2));
            let share = share(part, Some(whole)).unwrap();
            prop_assert!(share * whole <= part);
            prop_assert!((share + Decimal::new(1, 4)) * whole > part);
        }
    }
}
