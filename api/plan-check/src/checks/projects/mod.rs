//! Each project, and what projects say of each other.

mod activities;
mod budget;
mod calendar;
mod partners;

use crate::document::Document;
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
    books
}
