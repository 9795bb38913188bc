//! A project's budget: cost items, funding, co-financing lines, actions, limits.

use super::super::to_cents;
use crate::document::{Budget, Figure, Limits, Project, Target};
use crate::finding::Findings;
use crate::rule::Rule;
use concilia_kernel::Money;
use rust_decimal::Decimal;

/// What the project's own budget lets others state of it. More than one amount where it contradicts itself: then the
/// contradiction is reported, and not each statement that follows one side of it.
#[derive(Debug, Default)]
pub(in super::super) struct Book {
    pub(in super::super) totals: Vec<Decimal>,
    pub(in super::super) requested: Vec<Decimal>,
    /// Another project took it in, and its amounts with it.
    pub(in super::super) is_merged: bool,
}

/// The relations of a budget that do not hold, once the figure at fault is made out.
struct Broken {
    items: bool,
    funding: bool,
    lines: bool,
}

pub(super) fn check(project: &Project, limits: &Limits, findings: &mut Findings) -> Book {
    let Some(budget) = &project.budget else {
        return Book { is_merged: !project.stands(), ..Book::default() };
    };
    let items = budget.items_sum().filter(|_| !budget.has_unknown);
    let funding = budget.funding_sum();
    let lines = project
        .cofinancing
        .as_ref()
        .map(|lines| lines.iter().map(|line| line.monetary.value + line.in_kind.value).sum::<Decimal>());
    let total = budget.total.as_ref().map(|total| total.value);
    let requested = budget.requested.as_ref().map(|requested| requested.value);
    let cofinancing = budget.cofinancing.as_ref().map(|cofinancing| cofinancing.value);
    let differ =
        |one: Option<Decimal>, other: Option<Decimal>| one.zip(other).is_some_and(|(one, other)| one != other);
    let broken =
        Broken { items: differ(items, total), funding: differ(funding, total), lines: differ(lines, cofinancing) };

    let total_is_wrong = broken.items && broken.funding && items == funding;
    let cofinancing_is_wrong = broken.funding && broken.lines && requested.zip(lines).map(|(r, l)| r + l) == total;
    let request_is_wrong = broken.funding && items.is_some() && !broken.items && lines.is_some() && !broken.lines;
    items_sum(project, budget, items, findings);
    let funding_holds = !broken.funding || total_is_wrong || cofinancing_is_wrong;
    funding_sum(project, budget, funding_holds, request_is_wrong, findings);
    lines_sum(project, budget, lines, findings);
    vouchers(project, budget, findings);

    let true_total = if total_is_wrong { items } else { total };
    let true_cofinancing = if cofinancing_is_wrong { lines } else { cofinancing };
    coordination(project, budget, true_total, limits, findings);
    minimum(project, budget, true_total.zip(true_cofinancing), limits, findings);

    let mut book = Book {
        totals: total.into_iter().collect(),
        requested: requested.into_iter().collect(),
        is_merged: !project.stands(),
    };
    if broken.funding && !cofinancing_is_wrong {
        book.totals.extend(funding);
        book.requested.extend(total.zip(cofinancing).map(|(total, cofinancing)| total - cofinancing));
    }
    if total_is_wrong || total.is_none() {
        book.totals.extend(items.or(funding));
    }
    let cofinancing = cofinancing.into_iter().chain(lines.filter(|_| cofinancing_is_wrong)).collect::<Vec<_>>();
    actions(project, budget, [&book.requested, &cofinancing], findings);
    book
}

fn items_sum(project: &Project, budget: &Budget, items: Option<Decimal>, findings: &mut Findings) {
    let Some(total) = &budget.total else { return };
    let places = budget.items.iter().flatten().map(|item| &item.at);
    if let Some(items) = items {
        findings.check(Rule::BudgetItemsSum, &total.at, items == total.value, |f| {
            f.subject(project.label()).expected(to_cents(items)).found(total).related(places)
        });
    } else {
        // Not all items are stated: those that are cannot be more than the total.
        let stated: Decimal = budget.items.iter().flatten().map(|item| item.value).sum();
        findings.check(Rule::BudgetItemsSum, &total.at, stated <= total.value, |f| {
            let least = to_cents(stated);
            f.subject(project.label()).expected(format!(">= {least}")).found(total).related(places)
        });
    }
}

fn funding_sum(project: &Project, budget: &Budget, holds: bool, request_is_wrong: bool, findings: &mut Findings) {
    let (Some(total), Some(requested), Some(cofinancing)) =
        (&budget.total, &budget.requested, &budget.cofinancing)
    else {
        return;
    };
    if request_is_wrong {
        findings.check(Rule::BudgetFundingSum, &requested.at, holds, |f| {
            let rest = to_cents(total.value - cofinancing.value);
            f.subject(project.label()).expected(rest).found(requested).related([&total.at, &cofinancing.at])
        });
    } else {
        findings.check(Rule::BudgetFundingSum, &total.at, holds, |f| {
            let sum = to_cents(requested.value + cofinancing.value);
            f.subject(project.label()).expected(sum).found(total).related([&requested.at, &cofinancing.at])
        });
    }
}

fn lines_sum(project: &Project, budget: &Budget, lines: Option<Decimal>, findings: &mut Findings) {
    let (Some(cofinancing), Some(sum)) = (&budget.cofinancing, lines) else { return };
    findings.check(Rule::CofinancingLinesSum, &cofinancing.at, cofinancing.value == sum, |f| {
        f.subject(project.label())
            .expected(to_cents(sum))
            .found(cofinancing)
            .related([format!("{}/cofinancing", project.at)])
    });
}

/// `stated` is what the budget lets others say of its request and of its co-financing.
fn actions(project: &Project, budget: &Budget, stated: [&Vec<Decimal>; 2], findings: &mut Findings) {
    let Some(actions) = &project.actions else { return };
    let requested: Decimal = actions.iter().map(|action| action.requested.value).sum();
    let cofinancing: Decimal = actions.iter().map(|action| action.cofinancing.value).sum();
    let at = format!("{}/budget_by_action", project.at);
    let mut compare = |figure: &Figure, holds: bool, sum: Decimal| {
        findings.check(Rule::ActionsSum, &at, holds, |f| {
            f.subject(project.label()).expected(figure).found(to_cents(sum)).related([&figure.at])
        });
    };
    let [of_request, of_cofinancing] = stated;
    if let Some(figure) = &budget.requested {
        compare(figure, of_request.contains(&requested), requested);
    }
    if let Some(figure) = &budget.cofinancing {
        compare(figure, of_cofinancing.contains(&cofinancing), cofinancing);
    }
    // Where both halves are stated they have their say, and so has their sum.
    if let (Some(total), true) = (&budget.total, budget.requested.is_none() || budget.cofinancing.is_none()) {
        compare(total, total.value == requested + cofinancing, requested + cofinancing);
    }
}

/// Vouchers and bonuses are paid from cost item D.
fn vouchers(project: &Project, budget: &Budget, findings: &mut Findings) {
    let Some(item) = &budget.items[3] else { return };
    let activities = project.activities.iter().flatten();
    let planned = activities.flat_map(|activity| &activity.targets).filter_map(|(_, target)| match target {
        Target::Worth { count, value } => Some(count.as_ref().zip(value.as_ref())),
        _ => None,
    });
    let planned: Vec<_> = planned.collect();
    let known: Vec<_> = planned.iter().copied().flatten().collect();
    let mut worth = known.iter().map(|(count, value)| count.value.checked_mul(value.value));
    let sum = worth.try_fold(Decimal::ZERO, |sum, worth| sum.checked_add(worth?));
    let Some(sum) = sum.filter(|_| !known.is_empty()) else { return };
    let places = || known.iter().map(|(count, _)| &count.at);
    findings.check(Rule::VouchersWithinItemD, &item.at, sum <= item.value, |f| {
        f.subject(project.label()).expected(format!(">= {}", to_cents(sum))).found(item).related(places())
    });
    // Where some have no count or no value the others cannot be said to leave anything.
    if known.len() < planned.len() {
        return;
    }
    findings.check(Rule::VouchersFillItemD, &item.at, sum >= item.value, |f| {
        f.subject(project.label()).expected(to_cents(sum)).found(item).related(places())
    });
}

fn coordination(
    project: &Project,
    budget: &Budget,
    total: Option<Decimal>,
    limits: &Limits,
    findings: &mut Findings,
) {
    let Some(coordination) = &budget.coordination else { return };
    if let Some(staff) = &budget.items[0] {
        let part = findings.check(
            Rule::CoordinationWithinStaff,
            &coordination.at,
            coordination.value <= staff.value,
            |f| {
                f.subject(project.label()).expected(format!("<= {staff}")).found(coordination).related([&staff.at])
            },
        );
        if !part {
            return;
        }
    }
    let share = limits.coordination_max.as_ref().map_or(Decimal::new(15, 2), |share| share.value);
    let (Some(total), Some(at)) = (total, budget.total.as_ref().map(|total| &total.at)) else { return };
    let most = Money::truncated(total * share);
    findings.check(Rule::CoordinationLimit, &coordination.at, coordination.value <= most.decimal(), |f| {
        f.subject(project.label()).expected(format!("<= {most}")).found(coordination).related([at])
    });
}

fn minimum(
    project: &Project,
    budget: &Budget,
    figures: Option<(Decimal, Decimal)>,
    limits: &Limits,
    findings: &mut Findings,
) {
    let (Some((total, cofinancing)), Some(stated)) = (figures, &budget.cofinancing) else { return };
    let share = limits.cofinancing_min.as_ref().map_or(Decimal::new(30, 2), |share| share.value);
    let least = Money::truncated(total * share);
    findings.check(Rule::CofinancingMinimum, &stated.at, cofinancing >= least.decimal(), |f| {
        let total_at = budget.total.iter().map(|total| &total.at);
        f.subject(project.label()).expected(format!(">= {least}")).found(to_cents(cofinancing)).related(total_at)
    });
}
