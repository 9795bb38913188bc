//! The network's composition, and the partner lists that it must agree with.

use crate::document::{Composition, Document, Entry, Partner, key};
use crate::finding::Findings;
use crate::rule::Rule;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap, HashSet};

pub(super) fn check(document: &Document, findings: &mut Findings) {
    let partners: Vec<&Partner> =
        document.projects.iter().flatten().flat_map(|p| p.partners.iter().flatten()).collect();
    names_alike(&partners, findings);
    let Some(composition) = &document.composition else { return };
    sums(composition, findings);
    if let Some(listed) = listed(document) {
        within_members(composition, &listed.by_kind, findings);
        in_alliances(composition, &listed, findings);
    }
}

/// Kinds that a register and a sheet may give to the same body, such as a consortium of municipalities.
const PUBLIC: [&str; 2] = ["public_body", "territorial_area_or_agency"];

/// The different organisations that the partner lists name.
struct Listed {
    by_kind: BTreeMap<String, Decimal>,
    /// Every partner says its kind, and the same one in every project.
    kinds_are_known: bool,
    /// Organisations that co-finance and are in no partner list: each is reported by itself.
    unlisted: Decimal,
}

/// Two spellings that differ only in punctuation count as two organisations: most likely they are one.
fn names_alike(partners: &[&Partner], findings: &mut Findings) {
    let mut spellings: HashMap<String, &Entry> = HashMap::new();
    for name in partners.iter().filter_map(|partner| partner.name.as_ref()) {
        let folded: String =
            name.text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let first = spellings.entry(folded).or_insert(name);
        let same = first.key() == name.key();
        findings.check(Rule::PartnerNamesAlike, &name.at, same, |f| {
            f.expected(&first.text).found(&name.text).related([&first.at])
        });
    }
}

fn sums(composition: &Composition, findings: &mut Findings) {
    let pair = (&composition.members, &composition.in_alliances);
    if let (Some(members), Some(within)) = pair {
        findings.check(Rule::InAlliancesWithinMembers, &within.at, within.value <= members.value, |f| {
            f.expected(format!("<= {members}")).found(within).related([&members.at])
        });
    }
    let Some(by_kind) = &composition.by_kind else { return };
    for (kind, of_kind) in by_kind {
        let (members, within) = (&of_kind.members, &of_kind.in_alliances);
        findings.check(Rule::InAlliancesWithinMembers, &within.at, within.value <= members.value, |f| {
            f.subject(&kind.text).expected(format!("<= {members}")).found(within).related([&members.at])
        });
    }
    if let Some(members) = &composition.members {
        let sum: Decimal = by_kind.iter().map(|(_, of_kind)| of_kind.members.value).sum();
        findings.check(Rule::CompositionMembersSum, &members.at, members.value == sum, |f| {
            f.expected(sum).found(members).related(by_kind.iter().map(|(_, of_kind)| &of_kind.members.at))
        });
    }
    if let Some(within) = &composition.in_alliances {
        let sum: Decimal = by_kind.iter().map(|(_, of_kind)| of_kind.in_alliances.value).sum();
        findings.check(Rule::CompositionInAlliancesSum, &within.at, within.value == sum, |f| {
            f.expected(sum).found(within).related(by_kind.iter().map(|(_, of_kind)| &of_kind.in_alliances.at))
        });
    }
}

/// `None` when a list or a name is missing.
fn listed(document: &Document) -> Option<Listed> {
    let projects = document.projects.as_ref().filter(|projects| !projects.is_empty())?;
    let mut kinds: HashMap<String, String> = HashMap::new();
    let mut kinds_are_known = true;
    let standing = projects.iter().filter(|project| project.stands());
    for project in standing.clone() {
        for partner in project.partners.as_ref()? {
            let kind = partner.kind.as_ref().map(|kind| kind.text.clone()).unwrap_or_default();
            let known = kinds.entry(partner.name.as_ref()?.key()).or_default();
            kinds_are_known &= !kind.is_empty() && (known.is_empty() || *known == kind);
            if known.is_empty() {
                *known = kind;
            }
        }
    }
    let lines = standing.flat_map(|project| project.cofinancing.iter().flatten());
    let paying: HashSet<String> = lines.map(|line| line.partner.key()).collect();
    let unlisted = paying.iter().filter(|name| !kinds.contains_key(*name)).count().into();
    let mut by_kind = BTreeMap::new();
    for kind in kinds.into_values() {
        *by_kind.entry(kind).or_insert(Decimal::ZERO) += Decimal::ONE;
    }
    Some(Listed { by_kind, kinds_are_known, unlisted })
}

fn within_members(composition: &Composition, distinct: &BTreeMap<String, Decimal>, findings: &mut Findings) {
    for (kind, of_kind) in composition.by_kind.iter().flatten() {
        let partners = distinct.get(&kind.text).copied().unwrap_or_default();
        let members = &of_kind.members;
        findings.check(Rule::PartnersWithinMembers, &members.at, partners <= members.value, |f| {
            f.subject(&kind.text).expected(format!(">= {partners}")).found(members).related(["/projects"])
        });
    }
}

/// Kind, stated, listed.
type Differing = (String, Decimal, Decimal);

fn in_alliances(composition: &Composition, lists: &Listed, findings: &mut Findings) {
    let listed: Decimal = lists.by_kind.values().sum();
    let by_kind = composition.by_kind.as_deref();
    let sum = by_kind.map(|kinds| kinds.iter().map(|(_, of_kind)| of_kind.in_alliances.value).sum::<Decimal>());
    let (stated, at) = match (&composition.in_alliances, sum) {
        (Some(stated), _) => (stated.value, stated.at.clone()),
        (None, Some(sum)) => (sum, format!("{}/by_kind", composition.at)),
        (None, None) => return,
    };
    // Where the kinds add up to what is listed, the total alone is wrong, and said to be.
    let total_is_wrong = sum.is_some_and(|sum| sum != stated && sum == listed);
    let differing = by_kind.map(|_| differing_kinds(composition, &lists.by_kind)).unwrap_or_default();
    let holds = stated == listed || stated == listed + lists.unlisted || total_is_wrong;
    findings.check(Rule::InAlliancesDistinctPartners, &at, holds, |f| {
        let f = f.expected(listed).found(stated).related(["/projects"]);
        if differing.is_empty() {
            return f;
        }
        let kinds = |between: &str| {
            let words =
                differing.iter().map(|(kind, stated, listed)| format!("{kind} {stated} {between} {listed}"));
            words.collect::<Vec<_>>().join(", ")
        };
        f.detail(
            format!("per tipo, dichiarati e negli elenchi: {}", kinds("e")),
            format!("by kind, stated and listed: {}", kinds("and")),
        )
    });
    if sum == Some(stated) && lists.kinds_are_known && lists.unlisted.is_zero() {
        kind_by_kind(composition, &differing, stated - listed, findings);
    }
}

/// `surplus` is how many more members are stated than listed, which has been reported. Kinds that differ by less than
/// that in the same direction are no other mistake; one kind too many and another too few are.
fn kind_by_kind(composition: &Composition, differing: &[Differing], surplus: Decimal, findings: &mut Findings) {
    let at = format!("{}/by_kind", composition.at);
    let stated_kinds = composition.by_kind.iter().flatten().map(|(kind, _)| &kind.text);
    let all_stated = |kinds: &[&Differing]| kinds.iter().all(|(kind, ..)| stated_kinds.clone().any(|k| k == kind));
    let mut compare = |rule: Rule, kinds: &[&Differing], holds: bool| {
        findings.check(rule, &at, holds, |f| {
            let side = |pick: fn(&Differing) -> String| {
                kinds.iter().map(|kind| pick(kind)).collect::<Vec<_>>().join(", ")
            };
            f.expected(side(|(kind, _, listed)| format!("{kind} {listed}")))
                .found(side(|(kind, stated, _)| format!("{kind} {stated}")))
                .related(kinds.iter().map(|(kind, ..)| format!("{at}/{kind}/1")).chain(["/projects".to_owned()]))
        });
    };
    let (public, others): (Vec<&Differing>, Vec<&Differing>) =
        differing.iter().partition(|(kind, ..)| PUBLIC.contains(&kind.as_str()));
    let explained = |(_, stated, listed): &&Differing| {
        let more = stated - listed;
        more.is_sign_negative() == surplus.is_sign_negative() && more.abs() <= surplus.abs()
    };
    let others_hold = others.iter().all(explained);
    let all: Vec<&Differing> = differing.iter().collect();
    compare(
        Rule::InAlliancesByKind,
        if surplus.is_zero() { &all } else { &others },
        others_hold || !all_stated(&others),
    );
    if surplus.is_zero() && others.is_empty() {
        compare(Rule::InAlliancesPublicKinds, &public, public.is_empty());
    }
}

fn differing_kinds(composition: &Composition, distinct: &BTreeMap<String, Decimal>) -> Vec<Differing> {
    let mut kinds: BTreeMap<&str, (Decimal, Decimal)> = BTreeMap::new();
    for (kind, of_kind) in composition.by_kind.iter().flatten() {
        kinds.entry(&kind.text).or_default().0 = of_kind.in_alliances.value;
    }
    for (kind, listed) in distinct {
        kinds.entry(kind).or_default().1 = *listed;
    }
    let differing = kinds.into_iter().filter(|(_, (stated, listed))| stated != listed);
    differing
        .map(|(kind, (stated, listed))| (if kind.is_empty() { "?" } else { kind }.to_owned(), stated, listed))
        .collect()
}

/// The partners' names as keys, each with the place where it first stands and the project's label.
pub(super) fn partner_names(document: &Document) -> HashMap<String, (String, String)> {
    let mut names = HashMap::new();
    for project in document.projects.iter().flatten() {
        for name in project.partners.iter().flatten().filter_map(|partner| partner.name.as_ref()) {
            names.entry(key(&name.text)).or_insert_with(|| (name.at.clone(), project.label()));
        }
    }
    names
}
