//! Which row is of which project. They share the lead's name; where a name is written in two ways, the amounts.

use crate::document::{Allocation, Document, Entry, Figure, Project, Row};
use crate::finding::Findings;
use crate::rule::Rule;
use rust_decimal::Decimal;
use std::collections::{HashMap, HashSet};

/// For each row, the index of its project.
pub(super) fn check(document: &Document, allocation: &Allocation, findings: &mut Findings) -> Vec<Option<usize>> {
    let rows = allocation.rows.as_deref().unwrap_or_default();
    let Some(projects) = document.projects.as_ref().filter(|_| !rows.is_empty()) else {
        return vec![None; rows.len()];
    };
    let of_lead = by_lead(projects);
    let mut pairs = vec![None; rows.len()];
    by_name(rows, projects, &of_lead, &mut pairs, same_amounts);
    // Two leads exchanged: the amounts, which are the other's to the cent, say so.
    by_amounts(rows, projects, &mut pairs, findings);
    by_name(rows, projects, &of_lead, &mut pairs, |_, _| true);
    let paired: HashSet<usize> = pairs.iter().copied().flatten().collect();
    for (row, pair) in rows.iter().zip(&pairs) {
        let Some(lead) = &row.lead else { continue };
        let funded = row.assigned.as_ref().is_none_or(|assigned| assigned.value > Decimal::ZERO);
        findings.check(Rule::RowProject, &lead.at, pair.is_some() || !funded, |f| {
            f.found(&lead.text).related(["/projects"])
        });
    }
    let all_rows_named = rows.iter().all(|row| row.lead.is_some());
    for (index, project) in projects.iter().enumerate().filter(|(_, project)| all_rows_named && project.stands()) {
        let Some(lead) = project.lead_names().next() else { continue };
        findings.check(Rule::ProjectRow, &lead.at, paired.contains(&index), |f| {
            f.subject(project.label()).expected(&lead.text).related([format!("{}/rows", allocation.at)])
        });
    }
    pairs
}

/// The indices of the projects of each lead, whose name the project and its partner list say.
fn by_lead(projects: &[Project]) -> HashMap<String, Vec<usize>> {
    let mut of_lead: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, project) in projects.iter().enumerate().filter(|(_, project)| project.stands()) {
        let mut keys: Vec<String> = project.lead_names().map(Entry::key).collect();
        keys.dedup();
        for key in keys {
            of_lead.entry(key).or_default().push(index);
        }
    }
    of_lead
}

/// Pairs the rows that have no project yet with the free projects of their lead that `fit`.
fn by_name(
    rows: &[Row],
    projects: &[Project],
    of_lead: &HashMap<String, Vec<usize>>,
    pairs: &mut [Option<usize>],
    fit: fn(&Row, &Project) -> bool,
) {
    let mut taken: HashSet<usize> = pairs.iter().copied().flatten().collect();
    for (row, pair) in rows.iter().zip(pairs).filter(|(_, pair)| pair.is_none()) {
        let of_lead = row.lead.as_ref().and_then(|lead| of_lead.get(&lead.key()));
        let free = of_lead.into_iter().flatten().find(|i| !taken.contains(*i) && fit(row, &projects[**i]));
        if let Some(index) = free {
            taken.insert(*index);
            *pair = Some(*index);
        }
    }
}

/// Pairs a row with the one free project of its amounts: then its lead's name is wrong.
fn by_amounts(rows: &[Row], projects: &[Project], pairs: &mut [Option<usize>], findings: &mut Findings) {
    let taken: HashSet<usize> = pairs.iter().copied().flatten().collect();
    let mut free: Vec<usize> =
        (0..projects.len()).filter(|index| projects[*index].stands() && !taken.contains(index)).collect();
    for (row, pair) in rows.iter().zip(pairs).filter(|(_, pair)| pair.is_none()) {
        let mut alike = free.iter().filter(|index| same_amounts(row, &projects[**index]));
        if let (Some(index), None) = (alike.next().copied(), alike.next()) {
            free.retain(|other| *other != index);
            *pair = Some(index);
            compare_names(row, &projects[index], findings);
        }
    }
}

/// The same request, and the same cost to the euro.
fn same_amounts(row: &Row, project: &Project) -> bool {
    let Some(budget) = &project.budget else { return false };
    let same = |one: Option<Decimal>, other: Option<Decimal>, within: Decimal| {
        one.zip(other).is_some_and(|(one, other)| (one - other).abs() <= within)
    };
    let value = |figure: &Option<Figure>| figure.as_ref().map(|figure| figure.value);
    same(value(&row.requested), value(&budget.requested), Decimal::ZERO)
        && same(value(&row.cost), value(&budget.total), Decimal::ONE)
}

fn compare_names(row: &Row, project: &Project, findings: &mut Findings) {
    let (Some(lead), Some(name)) = (&row.lead, project.lead_names().next()) else { return };
    findings.check(Rule::RowLead, &lead.at, false, |f| {
        f.subject(project.label()).expected(&name.text).found(&lead.text).related([&name.at])
    });
}
