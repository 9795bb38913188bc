//! The final account of a grant.

use super::cofinancing::greatest_grant;
use concilia_kernel::{Money, Ratio};

/// What the final account is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accounts {
    pub assigned: Money,
    /// Expenses charged to the grant, as validated.
    pub grant_expenses: Money,
    /// Expenses borne by the partners, as validated: monetary and in kind.
    pub cofinancing: Money,
    /// Least share of what is spent that the partners bear.
    pub cofinancing_minimum: Ratio,
    /// Paid to the lead, less what it has given back.
    pub paid: Money,
}

/// What the alliance is due in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The greatest grant beside which the co-financing reaches its minimum share; `None` where none is asked.
    pub within_share: Option<Money>,
    /// The least of the assigned grant, the expenses charged to it and [`Outcome::within_share`].
    pub admissible: Money,
    /// Still to be paid to the lead.
    pub to_pay: Money,
    /// To be given back by the lead.
    pub give_back: Money,
}

impl Accounts {
    pub fn settle(self) -> Outcome {
        let within_share = greatest_grant(self.cofinancing, self.cofinancing_minimum);
        let due = self.assigned.min(self.grant_expenses);
        let admissible = within_share.map_or(due, |limit| due.min(limit));
        Outcome {
            within_share,
            admissible,
            to_pay: (admissible - self.paid).max(Money::ZERO),
            give_back: (self.paid - admissible).max(Money::ZERO),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::cofinancing::is_reached;
    use super::*;
    use proptest::prelude::*;

    fn euro(text: &str) -> Money {
        text.parse().unwrap()
    }

    fn accounts(grant_expenses: &str, cofinancing: &str, paid: &str) -> Accounts {
        Accounts {
            assigned: euro("20038.40"),
            grant_expenses: euro(grant_expenses),
            cofinancing: euro(cofinancing),
            cofinancing_minimum: Ratio::hundredths(30).unwrap(),
            paid: euro(paid),
        }
    }

    #[test]
    fn a_project_that_spent_all_gets_all() {
        let outcome = accounts("20038.40", "17142.85", "10019.20").settle();
        let expected = (euro("20038.40"), euro("10019.20"), Money::ZERO);
        assert_eq!((outcome.admissible, outcome.to_pay, outcome.give_back), expected);
    }

    #[test]
    fn expenses_beyond_the_grant_are_the_alliances_own() {
        assert_eq!(accounts("25000.00", "17142.85", "0.00").settle().admissible, euro("20038.40"));
    }

    #[test]
    fn what_was_not_spent_is_given_back() {
        let outcome = accounts("8000.00", "17142.85", "10019.20").settle();
        let expected = (euro("8000.00"), Money::ZERO, euro("2019.20"));
        assert_eq!((outcome.admissible, outcome.to_pay, outcome.give_back), expected);
    }

    #[test]
    fn co_financing_that_fell_short_cuts_the_grant() {
        // 30% of 10,000.03 is 3,000.009, cut to 3,000.00.
        let outcome = accounts("20038.40", "3000.00", "10019.20").settle();
        assert_eq!(outcome.within_share, Some(euro("7000.03")));
        let expected = (euro("7000.03"), Money::ZERO, euro("3019.17"));
        assert_eq!((outcome.admissible, outcome.to_pay, outcome.give_back), expected);
    }

    proptest! {
        #[test]
        fn a_settlement_balances_and_keeps_every_limit(
            assigned in 1_i64..=100_000_000, spent in 0_i64..=200_000_000, cofinancing in 0_i64..=100_000_000,
            share in 0_i64..=10_000, paid_share in 0_i64..=10_000,
        ) {
            let paid = assigned * paid_share / 10_000;
            let accounts = Accounts {
                assigned: Money::from_cents(assigned),
                grant_expenses: Money::from_cents(spent),
                cofinancing: Money::from_cents(cofinancing),
                cofinancing_minimum: Ratio::ten_thousandths(share).unwrap(),
                paid: Money::from_cents(paid),
            };
            let outcome = accounts.settle();
            prop_assert_eq!(accounts.paid + outcome.to_pay - outcome.give_back, outcome.admissible);
            prop_assert!(outcome.to_pay.is_zero() || outcome.give_back.is_zero());
            prop_assert!(outcome.admissible <= accounts.assigned && outcome.admissible <= accounts.grant_expenses);
            prop_assert!(outcome.admissible >= Money::ZERO);
            let total = outcome.admissible + accounts.cofinancing;
            prop_assert!(is_reached(accounts.cofinancing, total, accounts.cofinancing_minimum));
            // Nothing is held back without a reason: one cent more breaks a limit.
            let more = outcome.admissible + Money::from_cents(1);
            prop_assert!(more > accounts.assigned || more > accounts.grant_expenses
                || !is_reached(accounts.cofinancing, more + accounts.cofinancing, accounts.cofinancing_minimum));
        }
    }
}
