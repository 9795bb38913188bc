//! The executive budget: the one proposed, fitted to the grant that was assigned.

use super::cofinancing;
use concilia_kernel::{Money, Ratio};
use concilia_planning::CostItems;

/// The limits of the call, as they were when the project was proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Share of the total that coordination may take.
    pub coordination: Ratio,
    /// Share of the total, cut to the cent, that co-financing must reach.
    pub cofinancing: Ratio,
}

/// A budget to be judged.
#[derive(Debug, Clone, Copy)]
pub struct Executive {
    pub costs: CostItems,
    /// The grant that was assigned.
    pub grant: Money,
    /// What the partners put in, monetary and in kind.
    pub cofinancing: Money,
    /// Part of the co-financing that is monetary.
    pub monetary: Money,
    /// Part of item D that the grant bears; the partners' money bears the rest.
    pub vouchers_from_grant: Money,
}

/// A rule that the budget breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    /// The cost items do not come to the grant and the co-financing together.
    Total { found: Money, expected: Money },
    /// The partners put in too little.
    Cofinancing { found: Money, minimum: Money },
    /// Coordination takes too much of the total.
    Coordination { found: Money, limit: Money },
    /// Coordination is a part of staff, and is above it.
    CoordinationAboveStaff { found: Money, staff: Money },
    /// The grant bears more of item D than there is, or than it can.
    VouchersFromGrant { found: Money, limit: Money },
    /// The partners' money does not bear the rest of item D.
    VouchersFromPartners { found: Money, monetary: Money },
}

/// Every rule that the budget breaks.
pub fn check(budget: &Executive, limits: Limits) -> Vec<Breach> {
    let mut found = vec![];
    let costs = &budget.costs;
    let (total, expected) = (costs.total(), budget.grant + budget.cofinancing);
    if total != expected {
        found.push(Breach::Total { found: total, expected });
    }
    let minimum = cofinancing::minimum(total, limits.cofinancing);
    if !cofinancing::is_reached(budget.cofinancing, total, limits.cofinancing) {
        found.push(Breach::Cofinancing { found: budget.cofinancing, minimum });
    }
    if costs.coordination > costs.staff {
        found.push(Breach::CoordinationAboveStaff { found: costs.coordination, staff: costs.staff });
    }
    let limit = Money::truncated(limits.coordination.of(total));
    if costs.coordination > limit {
        found.push(Breach::Coordination { found: costs.coordination, limit });
    }
    let limit = costs.vouchers.min(budget.grant);
    if budget.vouchers_from_grant > limit {
        found.push(Breach::VouchersFromGrant { found: budget.vouchers_from_grant, limit });
    }
    let from_partners = costs.vouchers - budget.vouchers_from_grant;
    if from_partners > budget.monetary {
        found.push(Breach::VouchersFromPartners { found: from_partners, monetary: budget.monetary });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn euro(text: &str) -> Money {
        text.parse().unwrap()
    }

    fn limits() -> Limits {
        Limits { coordination: Ratio::hundredths(15).unwrap(), cofinancing: Ratio::hundredths(30).unwrap() }
    }

    /// Project 2.1 of the 2020-2023 plan: 40,000 asked, 34,800 assigned, all of the cut borne by the vouchers.
    fn eugenio() -> Executive {
        Executive {
            costs: CostItems {
                staff: euro("13378.00"),
                coordination: euro("5208.00"),
                services: euro("31500.00"),
                vouchers: euro("34800.00"),
                ..CostItems::default()
            },
            grant: euro("34800.00"),
            cofinancing: euro("44878.00"),
            monetary: euro("31500.00"),
            vouchers_from_grant: euro("34800.00"),
        }
    }

    #[test]
    fn a_budget_fitted_to_its_grant_breaks_nothing() {
        assert_eq!(check(&eugenio(), limits()), []);
    }

    #[test]
    fn each_rule_is_told_with_what_it_found() {
        let mut budget = eugenio();
        budget.costs.vouchers = euro("40000.00");
        let expected = [Breach::Total { found: euro("84878.00"), expected: euro("79678.00") }];
        assert_eq!(check(&budget, limits()), expected);

        let mut budget = eugenio();
        budget.costs.coordination = euro("13378.01");
        let limit = euro("11951.70");
        let expected = [
            Breach::CoordinationAboveStaff { found: euro("13378.01"), staff: euro("13378.00") },
            Breach::Coordination { found: euro("13378.01"), limit },
        ];
        assert_eq!(check(&budget, limits()), expected);

        let mut budget = eugenio();
        budget.vouchers_from_grant = euro("34800.01");
        let expected = [Breach::VouchersFromGrant { found: euro("34800.01"), limit: euro("34800.00") }];
        assert_eq!(check(&budget, limits()), expected);

        let budget = Executive { vouchers_from_grant: Money::ZERO, ..eugenio() };
        let expected = [Breach::VouchersFromPartners { found: euro("34800.00"), monetary: euro("31500.00") }];
        assert_eq!(check(&budget, limits()), expected);
    }

    #[test]
    fn thirty_percent_is_cut_to_the_cent() {
        let mut budget = Executive {
            costs: CostItems { services: euro("57142.85"), ..CostItems::default() },
            grant: euro("40000.00"),
            cofinancing: euro("17142.85"),
            monetary: euro("8000.00"),
            vouchers_from_grant: Money::ZERO,
        };
        assert_eq!(check(&budget, limits()), []);
        budget.grant = euro("40000.01");
        budget.cofinancing = euro("17142.84");
        let short = Breach::Cofinancing { found: euro("17142.84"), minimum: euro("17142.85") };
        assert_eq!(check(&budget, limits()), [short]);
    }

    proptest! {
        /// A cent on any cost item is noticed.
        #[test]
        fn a_budget_that_misses_its_total_by_a_cent_is_refused(services in 100_i64..=10_000_000) {
            let mut budget = eugenio();
            budget.costs.services = Money::from_cents(services);
            budget.cofinancing = budget.costs.total() - budget.grant;
            prop_assume!(budget.cofinancing >= cofinancing::minimum(budget.costs.total(), limits().cofinancing));
            prop_assume!(budget.costs.coordination <= Money::truncated(limits().coordination.of(budget.costs.total())));
            prop_assert_eq!(check(&budget, limits()), vec![]);
            budget.cofinancing += Money::from_cents(1);
            let (found, expected) = (budget.costs.total(), budget.costs.total() + Money::from_cents(1));
            prop_assert_eq!(check(&budget, limits()), vec![Breach::Total { found, expected }]);
        }
    }
}
