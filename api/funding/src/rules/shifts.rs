//! Shifts between cost items while the project runs.

use super::cost_item::{CostItem, PerItem};
use concilia_kernel::{Money, Ratio};

/// An amount that one cost item gives to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    pub from: CostItem,
    pub to: CostItem,
    pub amount: Money,
}

/// What a shift is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Ground {
    /// The budget as it is now.
    pub current: PerItem,
    /// What may not be given away any more: validated, claimed by a submitted report, or spent by the portal on vouchers.
    pub used: PerItem,
    /// The giving item in the last budget that somebody approved: the executive one, a variation, an approved shift.
    pub approved: Money,
    /// What the giving item has given since then without approval.
    pub freely_given: Money,
    /// Share of the giving item that it may give without approval.
    pub threshold: Ratio,
    /// Share of the total that coordination may take.
    pub coordination_limit: Ratio,
}

/// What becomes of a shift that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// Within the threshold: it takes effect at once.
    Free,
    /// Above it: somebody of the agency approves it first.
    NeedsApproval,
}

/// Why a shift cannot be made at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The item gives to itself.
    SameItem,
    /// The item has less than that left to give.
    NotLeft(Money),
    /// Coordination would take more than it may.
    CoordinationLimit(Money),
}

/// What the giving item may give in all without approval, cut to the cent.
pub fn free_amount(ground: &Ground) -> Money {
    Money::truncated(ground.threshold.of(ground.approved))
}

/// Judges a shift. The threshold is measured on the giving item of the last approved budget, and on all that the item
/// has given since: many small shifts are treated as one great one.
pub fn judge(shift: Shift, ground: &Ground) -> Result<Judgement, Refusal> {
    if shift.from == shift.to {
        return Err(Refusal::SameItem);
    }
    let left = (ground.current[shift.from] - ground.used[shift.from]).max(Money::ZERO);
    if shift.amount > left {
        return Err(Refusal::NotLeft(left));
    }
    let limit = Money::truncated(ground.coordination_limit.of(ground.current.total()));
    if shift.to == CostItem::Coordination && ground.current[CostItem::Coordination] + shift.amount > limit {
        return Err(Refusal::CoordinationLimit(limit));
    }
    let free = ground.freely_given + shift.amount <= free_amount(ground);
    Ok(if free { Judgement::Free } else { Judgement::NeedsApproval })
}

/// The budget after the shift.
pub fn apply(mut budget: PerItem, shift: Shift) -> PerItem {
    budget[shift.from] -= shift.amount;
    budget[shift.to] += shift.amount;
    budget
}

#[cfg(test)]
mod tests {
    use super::CostItem::{Coordination, Goods, Services, Staff};
    use super::*;
    use proptest::prelude::*;

    fn ground() -> Ground {
        let mut current = PerItem::default();
        current[Staff] = Money::from_cents(5_592_85);
        current[Coordination] = Money::from_cents(8_550_00);
        current[Services] = Money::from_cents(42_000_00);
        current[CostItem::General] = Money::from_cents(1_000_00);
        Ground {
            current,
            used: PerItem::default(),
            approved: current[Services],
            freely_given: Money::ZERO,
            threshold: Ratio::hundredths(10).unwrap(),
            coordination_limit: Ratio::hundredths(15).unwrap(),
        }
    }

    fn shift(from: CostItem, to: CostItem, cents: i64) -> Shift {
        Shift { from, to, amount: Money::from_cents(cents) }
    }

    #[test]
    fn a_tenth_of_the_giving_item_is_free_and_a_cent_more_is_not() {
        let ground = ground();
        assert_eq!(judge(shift(Services, Goods, 4_200_00), &ground), Ok(Judgement::Free));
        assert_eq!(judge(shift(Services, Goods, 4_200_01), &ground), Ok(Judgement::NeedsApproval));
    }

    #[test]
    fn small_shifts_add_up() {
        let ground = Ground { freely_given: Money::from_cents(4_000_00), ..ground() };
        assert_eq!(judge(shift(Services, Goods, 200_00), &ground), Ok(Judgement::Free));
        assert_eq!(judge(shift(Services, Goods, 200_01), &ground), Ok(Judgement::NeedsApproval));
    }

    #[test]
    fn what_is_used_is_not_given_away() {
        let mut ground = ground();
        ground.used[Services] = Money::from_cents(41_000_00);
        let left = Refusal::NotLeft(Money::from_cents(1_000_00));
        assert_eq!(judge(shift(Services, Goods, 1_000_01), &ground), Err(left));
        assert_eq!(judge(shift(Services, Services, 1), &ground), Err(Refusal::SameItem));
    }

    #[test]
    fn coordination_keeps_its_limit() {
        // 15% of 57,142.85 is 8,571.4275: 21.42 more than it has.
        let limit = Refusal::CoordinationLimit(Money::from_cents(8_571_42));
        assert_eq!(judge(shift(Services, Coordination, 21_42), &ground()), Ok(Judgement::Free));
        assert_eq!(judge(shift(Services, Coordination, 21_43), &ground()), Err(limit));
    }

    proptest! {
        /// However an amount is split, no more than the threshold goes without approval, and nothing is lost.
        #[test]
        fn splitting_gains_nothing(parts in prop::collection::vec(1_i64..=500_000, 1..20)) {
            let mut ground = ground();
            let total = ground.current.total();
            for cents in parts {
                let asked = shift(Services, Goods, cents);
                if judge(asked, &ground) == Ok(Judgement::Free) {
                    ground.current = apply(ground.current, asked);
                    ground.freely_given += asked.amount;
                }
            }
            prop_assert!(ground.freely_given <= Money::from_cents(4_200_00));
            prop_assert_eq!(ground.current.total(), total);
            prop_assert_eq!(ground.current[Goods], ground.freely_given);
        }
    }
}
