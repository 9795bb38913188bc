//! Each project, and what projects say of each other.

mod activities;
mod budget;
mod calendar;
mod partners;

use crate::document::{Document, Project};
use crate::finding::Findings;
use crate::rule::Rule;
pub(super) use budget::Book;
use std::collections::HashMap;

/// Gives each project's book, for the allocation.
pub(super) fn check(document: &Document, findings: &mut Findings) -> Vec<Book> {
    let projects = document.projects.as_deref().unwrap_or_default();
    let mut references: HashMap<String, &str> = HashMap::new();
    let mut books = vec![];
    for project in projects {
        if let Some(reference) = &project.reference {
            let first = *references.entry(reference.key()).or_insert(&reference.at);
            findings.check(Rule::ProjectRefRepeated, &reference.at, first == reference.at, |f| {
                f.found(&reference.text).related([first])
            });
        }
        let types = ["a", "b", "c", "d", "e", "f"];
        for kind in project.intervention_types.iter().flatten() {
            findings.check(Rule::InterventionType, &kind.at, types.contains(&kind.text.as_str()), |f| {
                f.subject(project.label()).expected(types.join(" | ")).found(&kind.text)
            });
        }
        books.push(budget::check(project, &document.plan.limits, findings));
        partners::check(project, findings);
        calendar::check(project, &document.plan, findings);
        activities::check(project, &document.plan, findings);
    }
    partners::check_across(projects, findings);
    merged(projects, findings);
    books
}

/// A chain of mergers ends at a project that stands.
fn merged(projects: &[Project], findings: &mut Findings) {
    if projects.iter().any(|project| project.reference.is_none()) {
        return;
    }
    let of_reference: HashMap<String, &Project> =
        projects.iter().filter_map(|project| Some((project.reference.as_ref()?.key(), project))).collect();
    let into = |project: &Project| of_reference.get(&project.merged_into.as_ref()?.key()).copied();
    for project in projects {
        let Some(stated) = &project.merged_into else { continue };
        let last = std::iter::successors(Some(project), |project| into(project)).take(projects.len() + 1).last();
        findings.check(Rule::MergedIntoProject, &stated.at, last.is_some_and(Project::stands), |f| {
            f.subject(project.label()).found(&stated.text).related(["/projects"])
        });
    }
}
