//! How much of a tranche may be paid now.

use super::tranches::TrancheKind;
use concilia_kernel::Money;

/// Where the payments of a grant stand. Amounts ordered are those of all payments that were not cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub assigned: Money,
    pub ordered: Money,
    /// Ordered of interim tranches.
    pub ordered_interim: Money,
    /// Expenses charged to the grant, in validated reports.
    pub validated: Money,
    /// Admissible grant of the approved settlement; `None` before it.
    pub settled: Option<Money>,
}

/// The greatest amount that may be ordered now of a tranche of which `left` is not yet ordered.
///
/// The advance is paid on the agreement alone. Interim tranches refund validated expenses and never exceed them. The
/// balance waits for the settlement; from then on nothing exceeds the admissible grant.
pub fn payable(kind: TrancheKind, left: Money, standing: &Standing) -> Money {
    let by_rule = match (standing.settled, kind) {
        (Some(admissible), _) => admissible - standing.ordered,
        (None, TrancheKind::Advance) => left,
        (None, TrancheKind::Interim) => standing.validated - standing.ordered_interim,
        (None, TrancheKind::Balance) => Money::ZERO,
    };
    left.min(standing.assigned - standing.ordered).min(by_rule).max(Money::ZERO)
}

#[cfg(test)]
mod tests {
    use super::TrancheKind::{Advance, Balance, Interim};
    use super::*;
    use proptest::prelude::*;

    fn euro(text: &str) -> Money {
        text.parse().unwrap()
    }

    fn standing() -> Standing {
        Standing {
            assigned: euro("20000.00"),
            ordered: euro("10000.00"),
            ordered_interim: Money::ZERO,
            validated: euro("4500.00"),
            settled: None,
        }
    }

    #[test]
    fn interim_tranches_refund_what_was_validated() {
        assert_eq!(payable(Interim, euro("6000.00"), &standing()), euro("4500.00"));
        let more = Standing {
            validated: euro("9000.00"),
            ordered: euro("14500.00"),
            ordered_interim: euro("4500.00"),
            ..standing()
        };
        assert_eq!(payable(Interim, euro("1500.00"), &more), euro("1500.00"));
        assert_eq!(
            payable(Interim, euro("6000.00"), &Standing { validated: Money::ZERO, ..standing() }),
            Money::ZERO
        );
    }

    #[test]
    fn the_balance_waits_for_the_settlement() {
        assert_eq!(payable(Balance, euro("4000.00"), &standing()), Money::ZERO);
        let settled = Standing { settled: Some(euro("12000.00")), ..standing() };
        assert_eq!(payable(Balance, euro("4000.00"), &settled), euro("2000.00"));
        let given_back = Standing { settled: Some(euro("8000.00")), ..standing() };
        assert_eq!(payable(Interim, euro("6000.00"), &given_back), Money::ZERO);
    }

    proptest! {
        #[test]
        fn no_sequence_of_payments_exceeds_the_grant(
            wishes in prop::collection::vec((0_usize..3, 1_i64..=1_500_000), 1..30), validated in 0_i64..=3_000_000,
            settled in prop::option::of(0_i64..=2_000_000),
        ) {
            let mut standing = Standing {
                assigned: euro("20000.00"), ordered: Money::ZERO, ordered_interim: Money::ZERO,
                validated: Money::from_cents(validated), settled: settled.map(Money::from_cents),
            };
            let mut left = [euro("10000.00"), euro("6000.00"), euro("4000.00")];
            for (at, cents) in wishes {
                let kind = [Advance, Interim, Balance][at];
                let amount = Money::from_cents(cents).min(payable(kind, left[at], &standing));
                left[at] -= amount;
                standing.ordered += amount;
                if kind == Interim {
                    standing.ordered_interim += amount;
                }
            }
            prop_assert!(standing.ordered <= standing.assigned);
            prop_assert!(standing.settled.is_some() || standing.ordered_interim <= standing.validated);
            prop_assert!(standing.settled.is_none_or(|admissible| standing.ordered <= admissible));
            prop_assert!(left.iter().all(|left| *left >= Money::ZERO));
        }
    }
}
