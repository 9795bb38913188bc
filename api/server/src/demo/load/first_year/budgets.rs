//! The figures of a grant's first year, in cents: the budget fitted to what was assigned, and what each report spends of it.

use crate::demo::dice::Dice;
use uuid::Uuid;

/// The cost items, coordination told apart from the rest of staff.
pub(super) const ITEMS: [&str; 6] = ["staff", "coordination", "goods", "services", "vouchers", "general"];
pub(super) const STAFF: usize = 0;
pub(super) const COORDINATION: usize = 1;
pub(super) const GOODS: usize = 2;
pub(super) const SERVICES: usize = 3;
pub(super) const VOUCHERS: usize = 4;
pub(super) const GENERAL: usize = 5;

/// Share of the total that coordination may take, in percent.
const COORDINATION_LIMIT: i64 = 15;
/// An expense above this comes as two documents.
const SPLIT_ABOVE: i64 = 3_000_00;

/// What a partner puts in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) organisation_id: Uuid,
    pub(super) monetary: i64,
    pub(super) in_kind: i64,
}

/// A grant with its budget and what reports have used of it.
#[derive(Debug)]
pub(super) struct Budget {
    pub(super) assigned: i64,
    pub(super) lines: Vec<Line>,
    pub(super) items: [i64; 6],
    pub(super) used: [i64; 6],
    /// Partners that bear what the grant pays: the lead first.
    pub(super) bearers: Vec<Uuid>,
}

/// Who bears an expense in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Grant,
    Monetary,
    /// Hundredths of hours, and cents per hour.
    InKind {
        hours: i64,
        rate: i64,
    },
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Spending {
    pub(super) organisation_id: Uuid,
    pub(super) item: usize,
    pub(super) source: Source,
    pub(super) cents: i64,
}

impl Budget {
    /// The proposed items, cut in proportion to the grant that was assigned. What cutting leaves goes to the greatest.
    pub(super) fn fit(proposed: [i64; 6], assigned: i64, lines: Vec<Line>, bearers: Vec<Uuid>) -> Self {
        let total = assigned + lines.iter().map(|line| line.monetary + line.in_kind).sum::<i64>();
        let asked = i128::from(proposed.iter().sum::<i64>()).max(1);
        let mut items = proposed.map(|item| (i128::from(item) * i128::from(total) / asked) as i64);
        let over = (items[COORDINATION] - total * COORDINATION_LIMIT / 100).max(0);
        items[COORDINATION] -= over;
        items[STAFF] += over;
        let greatest = (0..ITEMS.len()).max_by_key(|item| items[*item]).unwrap_or(STAFF);
        items[greatest] += total - items.iter().sum::<i64>();
        Self { assigned, lines, items, used: [0; 6], bearers }
    }

    fn room(&self, spent: &[i64; 6], item: usize) -> i64 {
        self.items[item] - self.used[item] - spent[item]
    }

    /// What a report spends: about `percent` of what each partner puts in and of the grant, never more than an item has.
    pub(super) fn spend(&self, percent: i64, dice: &mut Dice) -> Vec<Spending> {
        let mut spent = [0; 6];
        let mut spendings = vec![];
        for line in &self.lines {
            spendings.extend(self.in_kind(line, percent, &mut spent, dice));
            spendings.extend(self.monetary(line, percent, &mut spent));
        }
        let mut left = self.assigned * percent / 100;
        for item in 0..ITEMS.len() {
            let quota = self.items[item] * percent / 100 - spent[item];
            let amount = quota.min(left).min(self.room(&spent, item)) - dice.between(0, 99);
            if amount < 20_00 {
                continue;
            }
            let first = if amount > SPLIT_ABOVE { amount * 55 / 100 } else { amount };
            for cents in [first, amount - first].into_iter().filter(|cents| *cents > 0) {
                let Some(organisation_id) = dice.pick(&self.bearers).copied() else { continue };
                spendings.push(Spending { organisation_id, item, source: Source::Grant, cents });
            }
            spent[item] += amount;
            left -= amount;
        }
        spendings
    }

    /// Hours of a partner's staff: whole hundredths that do not exceed their share.
    fn in_kind(&self, line: &Line, percent: i64, spent: &mut [i64; 6], dice: &mut Dice) -> Option<Spending> {
        let target = line.in_kind * percent / 100;
        let leads = self.bearers.first() == Some(&line.organisation_id);
        let item = if leads && self.room(spent, COORDINATION) >= target { COORDINATION } else { STAFF };
        let rate = dice.between(36, 64) * 50;
        let hours = target.min(self.room(spent, item)) * 100 / rate;
        let cents = (hours * rate + 50) / 100;
        if hours <= 0 || cents > self.room(spent, item) {
            return None;
        }
        spent[item] += cents;
        let source = Source::InKind { hours, rate };
        Some(Spending { organisation_id: line.organisation_id, item, source, cents })
    }

    /// Money of a partner, spent where there is most room.
    fn monetary(&self, line: &Line, percent: i64, spent: &mut [i64; 6]) -> Option<Spending> {
        let item = [VOUCHERS, SERVICES, GOODS, GENERAL].into_iter().max_by_key(|item| self.room(spent, *item))?;
        let cents = (line.monetary * percent / 100).min(self.room(spent, item));
        if cents <= 0 {
            return None;
        }
        spent[item] += cents;
        Some(Spending { organisation_id: line.organisation_id, item, source: Source::Monetary, cents })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Project 2.5: 57,142.85 in all, 40,000 asked, 20,038.40 assigned.
    fn alice() -> Budget {
        let lines = vec![
            Line { organisation_id: Uuid::from_u128(1), monetary: 4_000_00, in_kind: 4_571_43 },
            Line { organisation_id: Uuid::from_u128(2), monetary: 4_000_00, in_kind: 4_571_42 },
        ];
        let proposed = [5_592_85, 8_550_00, 0, 42_000_00, 0, 1_000_00];
        Budget::fit(proposed, 20_038_40, lines, vec![Uuid::from_u128(1), Uuid::from_u128(3)])
    }

    #[test]
    fn a_fitted_budget_is_the_grant_and_the_cofinancing_to_the_cent() {
        let budget = alice();
        assert_eq!(budget.items.iter().sum::<i64>(), 20_038_40 + 17_142_85);
        assert!(budget.items[COORDINATION] * 100 <= (20_038_40 + 17_142_85) * COORDINATION_LIMIT);
        assert!(budget.items.iter().all(|item| *item >= 0));
    }

    #[test]
    fn no_report_spends_more_than_there_is() {
        let mut budget = alice();
        let mut from_grant = 0;
        for percent in [30, 35, 35, 35] {
            for spending in budget.spend(percent, &mut Dice::of("a test")) {
                assert!(spending.cents > 0);
                if let Source::InKind { hours, rate } = spending.source {
                    assert_eq!((hours * rate + 50) / 100, spending.cents);
                }
                budget.used[spending.item] += spending.cents;
                from_grant += if spending.source == Source::Grant { spending.cents } else { 0 };
            }
        }
        assert!(ITEMS.iter().enumerate().all(|(item, _)| budget.used[item] <= budget.items[item]), "{budget:?}");
        assert!(from_grant > 20_038_40 / 2, "{from_grant}");
    }
}
