//! What a plan costs: in all, per child and per voucher.

use crate::family_plans::{ChildTotals, FamilyPlanItem, VoucherTotals};
use concilia_kernel::Money;
use uuid::Uuid;

/// Totals of some lines: cost, what vouchers cover, what the family adds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    pub total: Money,
    pub covered: Money,
    pub family_share: Money,
}

impl Totals {
    fn add(&mut self, item: &FamilyPlanItem) {
        self.total += item.total;
        self.covered += item.covered;
        self.family_share += item.family_share;
    }
}

pub fn of_plan(items: &[FamilyPlanItem]) -> Totals {
    let mut totals = Totals::default();
    items.iter().for_each(|item| totals.add(item));
    totals
}

/// Children in the order in which the plan names them.
pub fn of_children(items: &[FamilyPlanItem]) -> Vec<ChildTotals> {
    let mut children: Vec<(Uuid, Totals)> = vec![];
    for item in items {
        if let Some((_, totals)) = children.iter_mut().find(|(id, _)| *id == item.household_member_id) {
            totals.add(item);
        } else {
            let mut totals = Totals::default();
            totals.add(item);
            children.push((item.household_member_id, totals));
        }
    }
    children
        .into_iter()
        .map(|(household_member_id, Totals { total, covered, family_share })| ChildTotals {
            household_member_id,
            total,
            covered,
            family_share,
        })
        .collect()
}

/// Vouchers in the order in which the plan names them; `available` tells what each has now.
pub fn of_vouchers(items: &[FamilyPlanItem], available: &[(Uuid, Money)]) -> Vec<VoucherTotals> {
    let mut vouchers: Vec<VoucherTotals> = vec![];
    for item in items {
        let Some(voucher_id) = item.voucher_id else { continue };
        match vouchers.iter_mut().find(|voucher| voucher.voucher_id == voucher_id) {
            Some(voucher) => voucher.covered += item.covered,
            None => vouchers.push(VoucherTotals {
                voucher_id,
                // Later lines are read after earlier ones have taken their part.
                available: available
                    .iter()
                    .rev()
                    .find(|(id, _)| *id == voucher_id)
                    .map_or(Money::ZERO, |(_, a)| *a),
                covered: item.covered,
            }),
        }
    }
    vouchers
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn item(child: u8, voucher: Option<u8>, total: i64, covered: i64) -> FamilyPlanItem {
        let id = |n: u8| Uuid::from_u128(u128::from(n) + 1);
        FamilyPlanItem {
            line: 1,
            provider_id: id(0),
            service_id: id(0),
            service_session_id: None,
            household_member_id: id(child),
            voucher_id: voucher.map(id),
            quantity: 1,
            note: None,
            unit_price: Money::from_cents(total),
            total: Money::from_cents(total),
            covered: Money::from_cents(covered),
            family_share: Money::from_cents(total - covered),
            order_id: None,
            warnings: vec![],
        }
    }

    proptest! {
        #[test]
        fn every_cent_is_counted_once(lines in prop::collection::vec((0..4_u8, 0..3_u8, 1..100_000_i64, any::<bool>()), 1..50)) {
            let items: Vec<_> = lines
                .iter()
                .map(|(child, voucher, total, covered)| item(*child, covered.then_some(*voucher), *total, if *covered { total / 2 } else { 0 }))
                .collect();
            let plan = of_plan(&items);
            prop_assert_eq!(plan.total, plan.covered + plan.family_share);
            let children = of_children(&items);
            prop_assert_eq!(children.iter().map(|c| c.total).sum::<Money>(), plan.total);
            prop_assert_eq!(children.iter().map(|c| c.family_share).sum::<Money>(), plan.family_share);
            prop_assert_eq!(of_vouchers(&items, &[]).iter().map(|v| v.covered).sum::<Money>(), plan.covered);
        }
    }
}
