//! Activities: their numbers, months and targets.

use crate::document::{Activity, Day, Figure, Month, Plan, Project, Target, to_year};
use crate::finding::Findings;
use crate::rule::Rule;
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

pub(super) fn check(project: &Project, plan: &Plan, findings: &mut Findings) {
    let Some(activities) = &project.activities else { return };
    numbers(project, activities, findings);
    for activity in activities {
        months(project, activity, findings);
        target_years(project, plan, activity, findings);
    }
    let ordered: Vec<&Activity> =
        activities.iter().filter(|activity| in_order(project, activity, findings)).collect();
    if let Some(start) = &project.start {
        let early = |month: &Month| of_month(month.first) < of_month(start.date);
        within(project, start, ">=", outside(&ordered, early), findings);
    }
    if let Some(end) = &project.end {
        let late = |month: &Month| of_month(month.first) > of_month(end.date);
        within(project, end, "<=", outside(&ordered, late), findings);
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

/// Whether the activity ends after it starts: where it does not, its months say nothing of the project's.
fn in_order(project: &Project, activity: &Activity, findings: &mut Findings) -> bool {
    let (Some(from), Some(to)) = (&activity.from, &activity.to) else { return true };
    findings.check(Rule::ActivityPeriodOrder, &to.at, from.first <= to.first, |f| {
        f.subject(project.label())
            .expected(format!(">= {}", written(from.first)))
            .found(written(to.first))
            .related([&from.at])
    })
}

/// For each activity that has months, the first of them that lies outside.
fn outside<'a>(activities: &[&'a Activity], is_outside: impl Fn(&Month) -> bool) -> Vec<Option<&'a Month>> {
    let months = |activity: &&'a Activity| [activity.from.as_ref(), activity.to.as_ref()].into_iter().flatten();
    let dated = activities.iter().filter(|activity| months(activity).next().is_some());
    dated.map(|activity| months(activity).find(|month| is_outside(month))).collect()
}

/// Several activities on the wrong side of one day tell that the day is wrong: that is one finding, at the day.
fn within(project: &Project, day: &Day, limit: &str, activities: Vec<Option<&Month>>, findings: &mut Findings) {
    let wrong: Vec<&Month> = activities.iter().copied().flatten().collect();
    if wrong.len() > 1 {
        let months = wrong.iter().map(|month| month.first);
        let (limit, extreme) = if limit == ">=" { ("<=", months.min()) } else { (">=", months.max()) };
        findings.check(Rule::ActivityWithinProject, &day.at, false, |f| {
            f.subject(project.label())
                .expected(format!("{limit} {}", extreme.map(written).unwrap_or_default()))
                .found(day.date)
                .related(wrong.iter().map(|month| &month.at))
        });
        return;
    }
    for month in activities {
        let at = month.map_or("", |month| &month.at);
        findings.check(Rule::ActivityWithinProject, at, month.is_none(), |f| {
            f.subject(project.label())
                .expected(format!("{limit} {}", written(day.date)))
                .found(month.map(|month| written(month.first)).unwrap_or_default())
                .related([&day.at])
        });
    }
}

fn of_month(date: NaiveDate) -> (i32, u32) {
    (date.year(), date.month())
}

fn written(date: NaiveDate) -> String {
    date.format("%Y-%m").to_string()
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
