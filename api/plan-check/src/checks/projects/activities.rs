//! Activities: their numbers, months and targets.

use crate::document::{Activity, Figure, Plan, Project, Target, to_year};
use crate::finding::Findings;
use crate::rule::Rule;
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

pub(super) fn check(project: &Project, plan: &Plan, findings: &mut Findings) {
    let Some(activities) = &project.activities else { return };
    numbers(project, activities, findings);
    for activity in activities {
        months(project, activity, findings);
        period(project, activity, findings);
        target_years(project, plan, activity, findings);
    }
}

fn numbers(project: &Project, activities: &[Activity], findings: &mut Findings) {
    let numbers: Option<Vec<Decimal>> = activities.iter().map(|a| a.number.as_ref().map(|n| n.value)).collect();
    let Some(numbers) = numbers.filter(|numbers| !numbers.is_empty()) else { return };
    let mut sorted = numbers.clone();
    sorted.sort_unstable();
    let holds = sorted.iter().zip(1_u32..).all(|(number, expected)| *number == Decimal::from(expected));
    findings.check(Rule::ActivityNumbers, &format!("{}/activities", project.at), holds, |f| {
        let written =
            |numbers: &[Decimal]| numbers.iter().take(20).map(Decimal::to_string).collect::<Vec<_>>().join(", ");
        f.subject(project.label()).expected(format!("1 - {}", numbers.len())).found(written(&numbers))
    });
}

fn months(project: &Project, activity: &Activity, findings: &mut Findings) {
    let last = project.calendar_months.as_ref();
    let within = |month: &Figure| month.value >= Decimal::ONE && last.is_none_or(|last| month.value <= last.value);
    let range = || last.map_or_else(|| ">= 1".to_owned(), |last| format!("1 - {last}"));
    let related = || last.map(|last| &last.at);
    if let Some([first, second]) = &activity.months {
        let holds = within(first) && within(second) && first.value <= second.value;
        findings.check(Rule::ActivityMonths, &format!("{}/months", activity.at), holds, |f| {
            f.subject(project.label()).expected(range()).found(format!("{first} - {second}")).related(related())
        });
    }
    for month in activity.month_list.iter().flatten() {
        findings.check(Rule::ActivityMonths, &month.at, within(month), |f| {
            f.subject(project.label()).expected(range()).found(month).related(related())
        });
    }
}

fn period(project: &Project, activity: &Activity, findings: &mut Findings) {
    let (from, to) = (activity.from.as_ref(), activity.to.as_ref());
    let written = |date: NaiveDate| date.format("%Y-%m").to_string();
    if let (Some(from), Some(to)) = (from, to) {
        findings.check(Rule::ActivityPeriodOrder, &to.at, from.first <= to.first, |f| {
            f.subject(project.label())
                .expected(format!(">= {}", written(from.first)))
                .found(written(to.first))
                .related([&from.at])
        });
    }
    let of_month = |date: NaiveDate| (date.year(), date.month());
    for month in [from, to].into_iter().flatten() {
        let early = project.start.as_ref().filter(|start| of_month(month.first) < of_month(start.date));
        let late = project.end.as_ref().filter(|end| of_month(month.first) > of_month(end.date));
        if project.start.is_none() && project.end.is_none() {
            continue;
        }
        findings.check(Rule::ActivityWithinProject, &month.at, early.is_none() && late.is_none(), |f| {
            let f = f.subject(project.label()).found(written(month.first));
            match early.or(late) {
                Some(day) if early.is_some() => f.expected(format!(">= {}", written(day.date))).related([&day.at]),
                Some(day) => f.expected(format!("<= {}", written(day.date))).related([&day.at]),
                None => f,
            }
        });
    }
}

fn target_years(project: &Project, plan: &Plan, activity: &Activity, findings: &mut Findings) {
    let plan_year = |figure: &Option<Figure>| figure.as_ref().and_then(|year| to_year(year.value));
    let first = project.start.as_ref().map(|day| day.date.year()).or_else(|| plan_year(&plan.from));
    let last = project.end.as_ref().map(|day| day.date.year()).or_else(|| plan_year(&plan.to));
    let (Some(first), Some(last)) = (first, last) else { return };
    for (_, target) in &activity.targets {
        let Target::Years(years) = target else { continue };
        for (year, _) in years {
            let holds = year.text.parse().is_ok_and(|year: i32| (first..=last).contains(&year));
            findings.check(Rule::TargetYears, &year.at, holds, |f| {
                f.subject(project.label()).expected(format!("{first} - {last}")).found(&year.text)
            });
        }
    }
}
