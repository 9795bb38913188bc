//! Who evaluates: the committee, who attended, whom integrations were asked of.

use super::network::partner_names;
use crate::document::{Document, Entry};
use crate::finding::Findings;
use crate::rule::Rule;
use std::collections::HashSet;

/// Names compared word by word beyond this many would cost more than they are worth.
const MOST_NAMES: usize = 500;

pub(super) fn check(document: &Document, findings: &mut Findings) {
    if let (Some(committee), Some(attendance)) = (&document.committee, &document.attendance)
        && !committee.is_empty()
    {
        quorum(committee, attendance, findings);
        if committee.len() <= MOST_NAMES && attendance.len() <= MOST_NAMES {
            membership(committee, attendance, findings);
        }
    }
    let partners = partner_names(document);
    for attendee in document.attendance.iter().flatten().filter(|_| document.projects.is_some()) {
        let place = partners.get(&attendee.key());
        findings.check(Rule::AttendeeIsPartner, &attendee.at, place.is_none(), |f| {
            let (at, project) = place.cloned().unwrap_or_default();
            f.found(&attendee.text).subject(project).related([at])
        });
    }
    integrations(document, findings);
}

fn quorum(committee: &[Entry], attendance: &[Entry], findings: &mut Findings) {
    let distinct = |names: &[Entry]| names.iter().map(Entry::key).collect::<HashSet<_>>().len();
    let (members, present) = (distinct(committee), distinct(attendance));
    let needed = members / 2 + 1;
    let at = "/evaluation_meeting_attendance";
    findings.check(Rule::EvaluationQuorum, at, present >= needed, |f| {
        f.expected(format!(">= {needed}")).found(present).related(["/committee"])
    });
    findings.check(Rule::AttendanceWithinCommittee, at, present <= members, |f| {
        f.expected(format!("<= {members}")).found(present).related(["/committee"])
    });
}

/// `CGIL Mantova` attends for `CGIL`: one name holds all the words of the other.
fn membership(committee: &[Entry], attendance: &[Entry], findings: &mut Findings) {
    let words = |entry: &Entry| entry.key().split(' ').map(str::to_owned).collect::<HashSet<_>>();
    let members: Vec<_> = committee.iter().map(words).collect();
    for attendee in attendance {
        let name = words(attendee);
        let found = members.iter().any(|member| member.is_subset(&name) || name.is_subset(member));
        findings.check(Rule::AttendeeInCommittee, &attendee.at, found, |f| {
            f.found(&attendee.text).related(["/committee"])
        });
    }
}

fn integrations(document: &Document, findings: &mut Findings) {
    let rows = document.allocation.iter().flat_map(|allocation| allocation.rows.iter().flatten());
    let mut leads: HashSet<String> = rows.filter_map(|row| row.lead.as_ref()).map(Entry::key).collect();
    for project in document.projects.iter().flatten() {
        leads.extend(project.lead_names().map(Entry::key));
    }
    if leads.is_empty() {
        return;
    }
    for asked in document.integration_requested_from.iter().flatten() {
        findings.check(Rule::IntegrationFromLeads, &asked.at, leads.contains(&asked.key()), |f| {
            f.found(&asked.text).related(["/projects"])
        });
    }
}
