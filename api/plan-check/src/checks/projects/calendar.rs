//! When a project runs.

use super::super::plan::years_of;
use crate::document::{Figure, Plan, Project, to_year};
use crate::finding::Findings;
use crate::rule::Rule;
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

pub(super) fn check(project: &Project, plan: &Plan, findings: &mut Findings) {
    let (start, end) = (project.start.as_ref(), project.end.as_ref());
    if let (Some(start), Some(end)) = (start, end) {
        let ordered = findings.check(Rule::ProjectDatesOrder, &end.at, start.date <= end.date, |f| {
            f.subject(project.label()).expected(format!(">= {}", start.date)).found(end.date).related([&start.at])
        });
        if let (Some(months), true) = (&project.calendar_months, ordered) {
            let span = months_between(start.date, end.date) + 1;
            // From the 3rd of June to the 31st of May are twelve months; to the 2nd of June as well.
            let fitting = months.value == Decimal::from(span) || months.value == Decimal::from(span - 1);
            findings.check(Rule::CalendarMonths, &months.at, fitting, |f| {
                f.subject(project.label()).expected(span).found(months).related([&start.at, &end.at])
            });
        }
    }
    let year = |figure: Option<&Figure>| figure.and_then(|figure| to_year(figure.value));
    let (Some(from), Some(to)) = (year(plan.from.as_ref()), year(plan.to.as_ref())) else { return };
    if from > to {
        return;
    }
    let first = start.or(end).map(|day| day.date.year());
    let last = end.or(start).map(|day| day.date.year());
    let (Some(first), Some(last)) = (first, last) else { return };
    let at = start.or(end).map_or("", |day| day.at.as_str());
    let meets = findings.check(Rule::ProjectDuringPlan, at, first <= to && last >= from, |f| {
        f.subject(project.label())
            .expected(format!("{from}-{to}"))
            .found(format!("{first}-{last}"))
            .related(["/plan"])
    });
    if !meets {
        return;
    }
    if let Some(day) = start {
        findings.check(Rule::ProjectStartsInPlan, &day.at, day.date.year() >= earliest_year(plan, from), |f| {
            f.subject(project.label()).expected(format!(">= {from}")).found(day.date).related(["/plan"])
        });
    }
    if let Some(day) = end {
        findings.check(Rule::ProjectWithinPlan, &day.at, day.date.year() <= to, |f| {
            f.subject(project.label()).expected(format!("{from}-{to}")).found(day.date).related(["/plan"])
        });
    }
}

/// Where the plan's title names another first year that is reported, and projects may follow either.
fn earliest_year(plan: &Plan, from: i32) -> i32 {
    let titled = plan.title.as_ref().and_then(|title| years_of(&title.text));
    titled.and_then(|(first, _)| i32::try_from(first).ok()).map_or(from, |first| first.min(from))
}

fn months_between(first: NaiveDate, last: NaiveDate) -> i64 {
    i64::from(last.year() - first.year()) * 12 + i64::from(last.month()) - i64::from(first.month())
}
