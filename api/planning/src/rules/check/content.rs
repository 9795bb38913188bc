use super::{CallTerms, Finding, ProjectFacts, ProjectRule, Relation};
use crate::rules::intervention_type::InterventionType;
use crate::rules::month::Month;
use crate::rules::plan_years::PlanYears;
use chrono::Datelike;

fn letters(types: &[InterventionType]) -> String {
    types.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ")
}

pub(super) fn check(project: &ProjectFacts, terms: Option<&CallTerms>, findings: &mut Vec<Finding>) {
    let wanted = terms.map_or(InterventionType::ALL, |terms| &terms.intervention_types);
    let named = &project.intervention_types;
    findings.push(Finding {
        rule: ProjectRule::InterventionTypes,
        ok: !named.is_empty() && named.iter().all(|kind| wanted.contains(kind)),
        relation: Relation::Among,
        expected: letters(wanted),
        found: letters(named),
        pointer: "/intervention_types".to_owned(),
    });
    findings.push(Finding {
        rule: ProjectRule::DatesInOrder,
        ok: project.starts_on <= project.ends_on,
        relation: Relation::AtLeast,
        expected: project.starts_on.to_string(),
        found: project.ends_on.to_string(),
        pointer: "/ends_on".to_owned(),
    });
    if let Some(terms) = terms {
        days(project, terms.plan_years, findings);
    }
    findings.push(Finding {
        rule: ProjectRule::HasActivities,
        ok: !project.activities.is_empty(),
        relation: Relation::AtLeast,
        expected: "1".to_owned(),
        found: project.activities.len().to_string(),
        pointer: "/activities".to_owned(),
    });
    months(project, findings);
    targets(project, findings);
}

fn days(project: &ProjectFacts, years: PlanYears, findings: &mut Vec<Finding>) {
    let of = |ok, found: String, pointer: &str| Finding {
        rule: ProjectRule::WithinPlanYears,
        ok,
        relation: Relation::Among,
        expected: years.to_string(),
        found,
        pointer: pointer.to_owned(),
    };
    let before = findings.len();
    for (day, pointer) in [(project.starts_on, "/starts_on"), (project.ends_on, "/ends_on")] {
        if !years.contain(day) {
            findings.push(of(false, day.to_string(), pointer));
        }
    }
    if findings.len() == before {
        findings.push(of(true, format!("{}..{}", project.starts_on, project.ends_on), "/ends_on"));
    }
}

fn months(project: &ProjectFacts, findings: &mut Vec<Finding>) {
    let (first, last) = (Month::of(project.starts_on), Month::of(project.ends_on));
    let of = |ok, found: String, pointer| Finding {
        rule: ProjectRule::MonthsWithinProject,
        ok,
        relation: Relation::Among,
        expected: format!("{first}..{last}"),
        found,
        pointer,
    };
    let before = findings.len();
    for (at, activity) in project.activities.iter().enumerate() {
        if activity.months.is_empty() {
            findings.push(of(false, String::new(), format!("/activities/{at}/months")));
        }
        let outside = activity.months.iter().enumerate().filter(|(_, month)| !(first..=last).contains(*month));
        findings.extend(
            outside.map(|(month_at, month)| {
                of(false, month.to_string(), format!("/activities/{at}/months/{month_at}"))
            }),
        );
    }
    if findings.len() == before {
        findings.push(of(true, format!("{first}..{last}"), "/activities".to_owned()));
    }
}

fn targets(project: &ProjectFacts, findings: &mut Vec<Finding>) {
    let (first, last) = (project.starts_on.year(), project.ends_on.year());
    let of = |ok, found: String, pointer| Finding {
        rule: ProjectRule::TargetsWithinProject,
        ok,
        relation: Relation::Among,
        expected: format!("{first}..{last}"),
        found,
        pointer,
    };
    let before = findings.len();
    for (at, activity) in project.activities.iter().enumerate() {
        let years = activity.target_years.iter().enumerate();
        let outside = years.filter(|(_, year)| !(first..=last).contains(&i32::from(**year)));
        findings.extend(outside.map(|(target_at, year)| {
            of(false, year.to_string(), format!("/activities/{at}/targets/{target_at}/year"))
        }));
    }
    if findings.len() == before {
        findings.push(of(true, format!("{first}..{last}"), "/activities".to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::published_figures::{project_of, terms};
    use super::super::{ActivityFacts, CallTerms};
    use super::*;
    use crate::projects::CostItems;

    fn month(text: &str) -> Month {
        Month::of(format!("{text}-01").parse().unwrap())
    }

    fn faults(project: &ProjectFacts, terms: &CallTerms) -> Vec<(ProjectRule, String)> {
        let mut findings = vec![];
        check(project, Some(terms), &mut findings);
        findings.into_iter().filter(|f| !f.ok).map(|f| (f.rule, f.pointer)).collect()
    }

    #[test]
    fn types_are_of_the_call_and_there_is_one() {
        let mut project = project_of(CostItems::default(), 0, &[]);
        let terms = CallTerms { intervention_types: vec![InterventionType::B, InterventionType::D], ..terms() };
        let rule = [(ProjectRule::InterventionTypes, "/intervention_types".to_owned())];
        for (types, good) in [
            (vec![InterventionType::B], true),
            (vec![InterventionType::B, InterventionType::A], false),
            (vec![], false),
        ] {
            project.intervention_types = types;
            assert_eq!(faults(&project, &terms), if good { &[][..] } else { &rule[..] });
        }
    }

    #[test]
    fn a_project_lies_within_the_years_of_its_plan() {
        let mut project = project_of(CostItems::default(), 0, &[]);
        project.activities = vec![];
        let mut found = |starts_on: &str, ends_on: &str| {
            project.starts_on = starts_on.parse().unwrap();
            project.ends_on = ends_on.parse().unwrap();
            let rule = ProjectRule::WithinPlanYears;
            let faults = faults(&project, &terms()).into_iter().filter(|(broken, _)| *broken == rule);
            faults.map(|(_, pointer)| pointer).collect::<Vec<_>>()
        };
        assert!(found("2020-01-01", "2023-12-31").is_empty());
        assert_eq!(found("2019-12-31", "2023-12-31"), ["/starts_on"]);
        assert_eq!(found("2020-01-01", "2024-01-01"), ["/ends_on"]);
        assert_eq!(found("2018-01-01", "2018-12-31"), ["/starts_on", "/ends_on"]);
    }

    #[test]
    fn a_month_may_begin_before_the_first_day_but_not_be_another_month() {
        let mut project = project_of(CostItems::default(), 0, &[]);
        project.starts_on = "2020-06-15".parse().unwrap();
        project.ends_on = "2021-01-15".parse().unwrap();
        let months = ["2020-05", "2020-06", "2021-01", "2021-02"].map(month).to_vec();
        let target_years = vec![2019, 2020, 2021, 2022];
        project.activities =
            vec![ActivityFacts { months, target_years }, ActivityFacts { months: vec![], target_years: vec![] }];
        let expected = [
            (ProjectRule::MonthsWithinProject, "/activities/0/months/0"),
            (ProjectRule::MonthsWithinProject, "/activities/0/months/3"),
            (ProjectRule::MonthsWithinProject, "/activities/1/months"),
            (ProjectRule::TargetsWithinProject, "/activities/0/targets/0/year"),
            (ProjectRule::TargetsWithinProject, "/activities/0/targets/3/year"),
        ];
        let expected = expected.map(|(rule, pointer)| (rule, pointer.to_owned()));
        assert_eq!(faults(&project, &terms()), expected);
    }

    #[test]
    fn a_project_without_activities_is_told_so_once() {
        let mut project = project_of(CostItems::default(), 0, &[]);
        project.activities.clear();
        assert_eq!(faults(&project, &terms()), [(ProjectRule::HasActivities, "/activities".to_owned())]);
        project.activities = vec![];
        project.ends_on = project.starts_on.pred_opt().unwrap();
        assert_eq!(faults(&project, &terms())[0], (ProjectRule::DatesInOrder, "/ends_on".to_owned()));
    }
}
