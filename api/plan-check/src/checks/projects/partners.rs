//! Who is in an alliance, who leads it, who pays its part.

use crate::document::{Entry, Partner, Project};
use crate::finding::Findings;
use crate::rule::Rule;
use std::collections::{HashMap, HashSet};

const PUBLIC: [&str; 2] = ["public_body", "territorial_area_or_agency"];
/// Who may lead by the usual rule of a call, `public_or_nonprofit`, as when a project is drafted.
const MAY_LEAD: [&str; 3] = ["public_body", "territorial_area_or_agency", "nonprofit"];
/// The other kinds of members; a kind that is none of these seven may well be public.
const MAY_NOT_LEAD: [&str; 4] = ["employers_association", "trade_union", "education", "company"];
/// Private, or at any rate no public body.
const PRIVATE: [&str; 4] = ["nonprofit", "company", "employers_association", "trade_union"];
const ROLES: [&str; 4] = ["lead", "institutional", "implementing", "network"];
const SIZES: [&str; 4] = ["micro", "small", "medium", "large"];

pub(super) fn check(project: &Project, findings: &mut Findings) {
    let Some(partners) = &project.partners else { return };
    let mut names: HashMap<String, &str> = HashMap::new();
    for partner in partners {
        words(project, partner, findings);
        if let Some(name) = &partner.name {
            let first = *names.entry(name.key()).or_insert(&name.at);
            findings.check(Rule::PartnerRepeated, &name.at, first == name.at, |f| {
                f.subject(project.label()).found(&name.text).related([first])
            });
        }
    }
    lead(project, partners, findings);
    may_lead(project, partners, findings);
    if partners.iter().any(|partner| partner.name.is_none()) {
        return;
    }
    for line in project.cofinancing.iter().flatten() {
        findings.check(Rule::CofinancingLinePartner, &line.at, names.contains_key(&line.partner.key()), |f| {
            f.subject(project.label()).found(&line.partner.text).related([format!("{}/partners", project.at)])
        });
    }
}

fn words(project: &Project, partner: &Partner, findings: &mut Findings) {
    for (word, known) in [(&partner.role, ROLES), (&partner.size, SIZES)] {
        let Some(word) = word else { continue };
        findings.check(Rule::UnknownValue, &word.at, known.contains(&word.text.as_str()), |f| {
            f.subject(project.label()).expected(known.join(" | ")).found(&word.text)
        });
    }
    if let (Some(size), Some(kind)) = (&partner.size, &partner.kind) {
        findings.check(Rule::SizeOfCompanies, &size.at, kind.text == "company", |f| {
            f.subject(project.label()).expected("company").found(&kind.text).related([&kind.at])
        });
    }
}

fn lead(project: &Project, partners: &[Partner], findings: &mut Findings) {
    let leading: Vec<_> = partners.iter().filter(|partner| partner.leads()).collect();
    if leading.is_empty() && partners.iter().any(|partner| partner.role.is_none()) {
        return;
    }
    let names = || leading.iter().filter_map(|partner| partner.name.as_ref());
    let stated = project.lead.as_ref();
    let [only] = leading.as_slice() else {
        findings.check(Rule::LeadIsPartner, &format!("{}/partners", project.at), false, |f| {
            let found = names().map(|name| name.text.as_str()).collect::<Vec<_>>().join(", ");
            let f = f.subject(project.label()).expected(stated.map_or("lead", |lead| &lead.text));
            f.found(format!("{} ({found})", leading.len())).related(stated.map(|lead| &lead.at))
        });
        return;
    };
    let (Some(stated), Some(name)) = (stated, &only.name) else { return };
    findings.check(Rule::LeadIsPartner, &stated.at, stated.key() == name.key(), |f| {
        f.subject(project.label()).expected(&name.text).found(&stated.text).related([&name.at])
    });
}

fn may_lead(project: &Project, partners: &[Partner], findings: &mut Findings) {
    let leads: HashSet<String> = project.lead_names().map(Entry::key).collect();
    let is_lead = |partner: &&Partner| {
        partner.leads() || partner.name.as_ref().is_some_and(|name| leads.contains(&name.key()))
    };
    let Some(kind) = partners.iter().find(is_lead).and_then(|lead| lead.kind.as_ref()) else { return };
    findings.check(Rule::LeadMayLead, &kind.at, !MAY_NOT_LEAD.contains(&kind.text.as_str()), |f| {
        f.subject(project.label()).expected(MAY_LEAD.join(" | ")).found(&kind.text)
    });
    let kinds: Option<Vec<&str>> =
        partners.iter().map(|p| p.kind.as_ref().map(|kind| kind.text.as_str())).collect();
    let Some(kinds) = kinds.filter(|_| PRIVATE.contains(&kind.text.as_str())) else { return };
    // A kind that is none of the usual ones may well be public.
    let may_be_public = |kind: &&str| PUBLIC.contains(kind) || !PRIVATE.contains(kind);
    findings.check(
        Rule::LeadNeedsPublicPartner,
        &format!("{}/partners", project.at),
        kinds.iter().any(may_be_public),
        |f| f.subject(project.label()).expected(PUBLIC.join(" | ")).found(&kind.text).related([&kind.at]),
    );
}

/// The same organisation in several projects.
pub(super) fn check_across(projects: &[Project], findings: &mut Findings) {
    let mut kinds: HashMap<String, &Entry> = HashMap::new();
    let mut sizes: HashMap<String, &Entry> = HashMap::new();
    for project in projects {
        for partner in project.partners.iter().flatten() {
            let Some(name) = &partner.name else { continue };
            for (rule, word, seen) in [
                (Rule::PartnerKindDiffers, &partner.kind, &mut kinds),
                (Rule::PartnerSizeDiffers, &partner.size, &mut sizes),
            ] {
                let Some(word) = word else { continue };
                let first = *seen.entry(name.key()).or_insert(word);
                findings.check(rule, &word.at, first.text == word.text, |f| {
                    f.subject(&name.text).expected(&first.text).found(&word.text).related([&first.at])
                });
            }
        }
    }
}

impl Partner {
    fn leads(&self) -> bool {
        self.role.as_ref().is_some_and(|role| role.text == "lead")
    }
}

impl Project {
    /// The name of the lead, as the project says it and as the partner list says it.
    pub(in super::super) fn lead_names(&self) -> impl Iterator<Item = &Entry> {
        let leading = self.partners.iter().flatten().filter(|partner| partner.leads());
        self.lead.iter().chain(leading.filter_map(|partner| partner.name.as_ref()))
    }
}
