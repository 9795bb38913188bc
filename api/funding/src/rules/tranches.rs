//! The schedule in which a grant is paid.

use concilia_kernel::{Money, Ratio, text_enum};

text_enum! {
    /// When a tranche is paid: `advance` on the signed agreement, `interim` against validated expenses, `balance` on
    /// the approved settlement.
    pub enum TrancheKind {
        Advance = "advance",
        Interim = "interim",
        Balance = "balance",
    }
}

/// How a tranche is sized: by an amount, or by a share of the grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Amount(Money),
    Share(Ratio),
}

/// Why a schedule is refused, and at which tranche, counted from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The advance comes first and once, the balance last and once.
    Order(usize),
    /// It comes to nothing.
    Empty(usize),
    /// The tranches so far exceed the grant, which is left over by this much.
    AboveGrant(usize, Money),
}

/// The amounts of a schedule. Shares are cut to the cent; where shares alone come to the whole, the last tranche takes
/// the cents that were cut, so that the schedule comes to the grant.
pub fn amounts(grant: Money, tranches: &[(TrancheKind, Size)]) -> Result<Vec<Money>, Fault> {
    check_order(tranches)?;
    let mut amounts: Vec<Money> = tranches.iter().map(|(_, size)| sized(grant, *size)).collect();
    let shares = tranches.iter().map(|(_, size)| match size {
        Size::Share(share) => Some(share.decimal()),
        Size::Amount(_) => None,
    });
    if shares.sum::<Option<rust_decimal::Decimal>>() == Some(Ratio::WHOLE.decimal()) {
        let cut = grant - amounts.iter().copied().sum();
        if let Some(last) = amounts.last_mut() {
            *last += cut;
        }
    }
    let mut left = grant;
    for (at, amount) in amounts.iter().enumerate() {
        if !amount.is_positive() {
            return Err(Fault::Empty(at));
        }
        if *amount > left {
            return Err(Fault::AboveGrant(at, left));
        }
        left -= *amount;
    }
    Ok(amounts)
}

fn sized(grant: Money, size: Size) -> Money {
    match size {
        Size::Amount(amount) => amount,
        Size::Share(share) => Money::truncated(share.of(grant)),
    }
}

fn check_order(tranches: &[(TrancheKind, Size)]) -> Result<(), Fault> {
    let last = tranches.len().saturating_sub(1);
    let misplaced = |at: usize, kind: TrancheKind| match kind {
        TrancheKind::Advance => at != 0,
        TrancheKind::Interim => false,
        TrancheKind::Balance => at != last,
    };
    match tranches.iter().enumerate().find(|(at, (kind, _))| misplaced(*at, *kind)) {
        Some((at, _)) => Err(Fault::Order(at)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::TrancheKind::{Advance, Balance, Interim};
    use super::*;
    use proptest::prelude::*;

    fn share(hundredths: i64) -> Size {
        Size::Share(Ratio::hundredths(hundredths).unwrap())
    }

    fn euro(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_of_whole_shares_takes_the_cents_that_were_cut() {
        let third = Size::Share(Ratio::ten_thousandths(3_333).unwrap());
        let rest = Size::Share(Ratio::ten_thousandths(3_334).unwrap());
        let found = amounts(euro("20038.40"), &[(Advance, third), (Interim, third), (Balance, rest)]).unwrap();
        assert_eq!(found, [euro("6678.79"), euro("6678.79"), euro("6680.82")]);
        let found = amounts(euro("0.05"), &[(Advance, share(50)), (Balance, share(50))]).unwrap();
        assert_eq!(found, [euro("0.02"), euro("0.03")]);
    }

    #[test]
    fn the_advance_is_first_and_the_balance_last() {
        let grant = euro("100.00");
        for (wrong, at) in [
            (vec![(Interim, share(50)), (Advance, share(50))], 1),
            (vec![(Balance, share(50)), (Interim, share(50))], 0),
            (vec![(Advance, share(30)), (Advance, share(30)), (Balance, share(40))], 1),
        ] {
            assert_eq!(amounts(grant, &wrong), Err(Fault::Order(at)));
        }
    }

    #[test]
    fn a_schedule_never_exceeds_the_grant() {
        let grant = euro("100.00");
        let above = [(Advance, Size::Amount(euro("60.00"))), (Balance, Size::Amount(euro("40.01")))];
        assert_eq!(amounts(grant, &above), Err(Fault::AboveGrant(1, euro("40.00"))));
        assert_eq!(
            amounts(grant, &[(Advance, share(60)), (Balance, share(41))]),
            Err(Fault::AboveGrant(1, euro("40.00")))
        );
        assert_eq!(amounts(euro("0.01"), &[(Advance, share(50)), (Balance, share(50))]), Err(Fault::Empty(0)));
    }

    proptest! {
        #[test]
        fn shares_of_the_whole_come_to_the_grant(cents in 1_000_i64..=1_000_000_000, first in 1_i64..=9_999) {
            let grant = Money::from_cents(cents);
            let size = |value| Size::Share(Ratio::ten_thousandths(value).unwrap());
            if let Ok(found) = amounts(grant, &[(Advance, size(first)), (Balance, size(10_000 - first))]) {
                prop_assert_eq!(found.into_iter().sum::<Money>(), grant);
            }
        }
    }
}
