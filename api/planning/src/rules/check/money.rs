use super::{CallTerms, Finding, ProjectFacts, ProjectRule, Relation};
use concilia_kernel::{Money, Ratio};

/// The share of a total, cut to the cent: how the limits of a call are meant.
pub fn share_of(total: Money, share: Ratio) -> Money {
    Money::truncated(share.of(total))
}

pub(super) fn check(project: &ProjectFacts, terms: Option<&CallTerms>, findings: &mut Vec<Finding>) {
    let costs = &project.costs;
    let (total, cofinancing) = (costs.total(), project.cofinancing());
    let mut compare = |rule, pointer: &str, found: Money, relation, expected: Money| {
        let ok = match relation {
            Relation::Equal => found == expected,
            Relation::AtLeast => found >= expected,
            Relation::AtMost => found <= expected,
            Relation::Among => false,
        };
        let (found, expected, pointer) = (found.to_string(), expected.to_string(), pointer.to_owned());
        findings.push(Finding { rule, ok, relation, expected, found, pointer });
    };
    let a_cent = Money::from_cents(1);
    compare(ProjectRule::BudgetNotEmpty, "/budget/total", total, Relation::AtLeast, a_cent);
    let covered = project.requested_grant + cofinancing;
    compare(ProjectRule::BudgetAddsUp, "/budget/requested_grant", covered, Relation::Equal, total);
    let coordination = "/budget/coordination";
    compare(ProjectRule::CoordinationWithinStaff, coordination, costs.coordination, Relation::AtMost, costs.staff);
    if let Some(terms) = terms {
        let most = share_of(total, terms.coordination_limit);
        compare(ProjectRule::CoordinationLimit, coordination, costs.coordination, Relation::AtMost, most);
        let least = share_of(total, terms.cofinancing_minimum);
        compare(ProjectRule::CofinancingMinimum, "/budget/cofinancing", cofinancing, Relation::AtLeast, least);
        if let Some(most) = terms.maximum_grant {
            let requested = project.requested_grant;
            compare(ProjectRule::MaximumGrant, "/budget/requested_grant", requested, Relation::AtMost, most);
        }
    }
    signed_off(project, findings);
}

fn signed_off(project: &ProjectFacts, findings: &mut Vec<Finding>) {
    let of = |ok, found: &str, pointer| Finding {
        rule: ProjectRule::CofinancingSignedOff,
        ok,
        relation: Relation::Equal,
        expected: "signed_off".to_owned(),
        found: found.to_owned(),
        pointer,
    };
    let unsigned = |line: &super::LineFacts| !line.left && !line.amount.is_zero() && !line.signed_off;
    let before = findings.len();
    let lines = project.lines.iter().enumerate().filter(|(_, line)| unsigned(line));
    findings.extend(lines.map(|(at, _)| of(false, "not_signed_off", format!("/cofinancing/{at}/signed_off_at"))));
    if findings.len() == before {
        findings.push(of(true, "signed_off", "/cofinancing".to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::published_figures::{project_of, terms};
    use super::*;
    use crate::projects::CostItems;
    use proptest::prelude::*;

    fn of(findings: &[Finding], rule: ProjectRule) -> bool {
        findings.iter().filter(|finding| finding.rule == rule).all(|finding| finding.ok)
    }

    fn costs(cents: [i64; 6]) -> CostItems {
        let [staff, coordination, goods, services, vouchers, general] = cents.map(Money::from_cents);
        CostItems { staff, coordination, goods, services, vouchers, general }
    }

    proptest! {
        #[test]
        fn a_share_is_cut_to_the_cent_and_never_above_the_exact_one(
            cents in 0_i64..=99_999_999_999, share in 0_i64..=10_000,
        ) {
            let cut = share_of(Money::from_cents(cents), Ratio::ten_thousandths(share).unwrap());
            prop_assert_eq!(cut.cents(), cents * share / 10_000);
        }

        #[test]
        fn a_budget_adds_up_to_the_cent_or_not_at_all(
            items in prop::array::uniform6(0_i64..=9_999_999_999), own in 0_i64..=9_999_999_999, off in -3_i64..=3,
        ) {
            let costs = costs(items);
            let total = costs.total().cents();
            prop_assert_eq!(total, items[0] + items[2] + items[3] + items[4] + items[5]);
            let own = own.min(total);
            prop_assume!(total - own + off >= 0);
            let project = project_of(costs, total - own + off, &[own]);
            let findings = super::super::check(&project, None);
            prop_assert_eq!(of(&findings, ProjectRule::BudgetAddsUp), off == 0);
            prop_assert_eq!(of(&findings, ProjectRule::BudgetNotEmpty), total > 0);
            prop_assert_eq!(of(&findings, ProjectRule::CoordinationWithinStaff), items[1] <= items[0]);
        }

        #[test]
        fn the_limits_agree_with_whole_cents(
            items in prop::array::uniform6(0_i64..=9_999_999_999), lines in prop::collection::vec(0_i64..=999_999_999, 0..8),
            requested in 0_i64..=9_999_999_999,
        ) {
            let costs = costs(items);
            let total = costs.total().cents();
            let project = project_of(costs, requested, &lines);
            let findings = super::super::check(&project, Some(&terms()));
            let own: i64 = lines.iter().sum();
            prop_assert_eq!(of(&findings, ProjectRule::CofinancingMinimum), own >= total * 30 / 100);
            prop_assert_eq!(of(&findings, ProjectRule::CoordinationLimit), items[1] <= total * 15 / 100);
            prop_assert_eq!(of(&findings, ProjectRule::MaximumGrant), requested <= 4_000_000);
        }
    }

    #[test]
    fn a_line_is_signed_off_by_its_partner_unless_it_is_empty_or_its_partner_left() {
        let mut project = project_of(costs([100, 0, 0, 0, 0, 0]), 30, &[40, 0, 30]);
        project.lines[0].signed_off = false;
        project.lines[1].signed_off = false;
        project.lines[2].signed_off = false;
        project.lines[2].left = true;
        let findings = super::super::check(&project, None);
        let unsigned: Vec<&str> = findings
            .iter()
            .filter(|finding| finding.rule == ProjectRule::CofinancingSignedOff && !finding.ok)
            .map(|finding| finding.pointer.as_str())
            .collect();
        assert_eq!(unsigned, ["/cofinancing/0/signed_off_at"]);
        assert_eq!(project.cofinancing(), Money::from_cents(40), "what a partner that left put in counts no more");
        assert!(!of(&findings, ProjectRule::BudgetAddsUp));
    }
}
