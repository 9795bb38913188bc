//! Lists in which nothing should stand twice.

use crate::document::{Document, Entry};
use crate::finding::Findings;
use crate::rule::Rule;
use std::collections::HashMap;

pub(super) fn check(document: &Document, findings: &mut Findings) {
    for list in
        [&document.provinces, &document.committee, &document.attendance, &document.integration_requested_from]
    {
        entries(list.iter().flatten(), findings);
    }
    entries(document.criteria.iter().flatten().filter_map(|criterion| criterion.code.as_ref()), findings);
    for project in document.projects.iter().flatten() {
        entries(project.intervention_types.iter().flatten(), findings);
        entries(project.priority_order.iter().flatten(), findings);
        entries(project.cofinancing.iter().flatten().map(|line| &line.partner), findings);
        entries(project.actions.iter().flatten().map(|action| &action.title), findings);
        for activity in project.activities.iter().flatten() {
            let months = activity.month_list.iter().flatten();
            let months: Vec<_> =
                months.map(|month| Entry { at: month.at.clone(), text: month.value.to_string() }).collect();
            entries(&months, findings);
        }
    }
}

fn entries<'a>(list: impl IntoIterator<Item = &'a Entry>, findings: &mut Findings) {
    let mut places: HashMap<String, &str> = HashMap::new();
    for entry in list {
        let first = *places.entry(entry.key()).or_insert(&entry.at);
        findings
            .check(Rule::RepeatedEntry, &entry.at, first == entry.at, |f| f.found(&entry.text).related([first]));
    }
}
