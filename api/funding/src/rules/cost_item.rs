//! The cost items of a budget, told apart so that they add up: coordination is no longer part of staff.

use concilia_kernel::{Money, text_enum};
use concilia_planning::CostItems;
use std::ops::{Index, IndexMut};

text_enum! {
    /// Cost item of a budget: `staff` (A, without coordination), `coordination` (A, of which coordination, monitoring
    /// and reporting), `goods` (B), `services` (C), `vouchers` (D), `general` (E).
    pub enum CostItem {
        Staff = "staff",
        Coordination = "coordination",
        Goods = "goods",
        Services = "services",
        Vouchers = "vouchers",
        General = "general",
    }
}

impl CostItem {
    /// Whether it is work: what partners may put in kind, as hours of their own staff.
    pub fn is_work(self) -> bool {
        matches!(self, Self::Staff | Self::Coordination)
    }
}

text_enum! {
    /// Who bears an expense: `grant` the agency, `monetary` and `in_kind` the partners; in kind means valued hours of
    /// their own staff.
    pub enum ExpenseSource {
        Grant = "grant",
        Monetary = "monetary",
        InKind = "in_kind",
    }
}

/// An amount for each cost item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PerItem([Money; 6]);

impl PerItem {
    pub fn total(self) -> Money {
        self.0.into_iter().sum()
    }
}

impl Index<CostItem> for PerItem {
    type Output = Money;
    fn index(&self, item: CostItem) -> &Money {
        &self.0[item as usize]
    }
}

impl IndexMut<CostItem> for PerItem {
    fn index_mut(&mut self, item: CostItem) -> &mut Money {
        &mut self.0[item as usize]
    }
}

impl From<CostItems> for PerItem {
    fn from(costs: CostItems) -> Self {
        Self([
            costs.staff - costs.coordination,
            costs.coordination,
            costs.goods,
            costs.services,
            costs.vouchers,
            costs.general,
        ])
    }
}

impl From<PerItem> for CostItems {
    fn from(items: PerItem) -> Self {
        let [staff, coordination, goods, services, vouchers, general] = items.0;
        Self { staff: staff + coordination, coordination, goods, services, vouchers, general }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordination_is_counted_once() {
        let euro = |cents| Money::from_cents(cents);
        let costs = CostItems { staff: euro(100_00), coordination: euro(30_00), ..CostItems::default() };
        let items = PerItem::from(costs);
        assert_eq!((items[CostItem::Staff], items[CostItem::Coordination]), (euro(70_00), euro(30_00)));
        assert_eq!(items.total(), costs.total());
        assert_eq!(CostItems::from(items), costs);
    }
}
