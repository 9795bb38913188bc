use super::{CallTerms, Finding, PartnerFacts, ProjectFacts, ProjectRule, Relation};
use crate::LeadKinds;
use concilia_network::OrganisationKind::{self, Nonprofit, PublicBody, TerritorialAreaOrAgency};

/// Local public bodies, and territorial areas and agencies.
const PUBLIC: &[OrganisationKind] = &[PublicBody, TerritorialAreaOrAgency];

fn may_lead(kinds: LeadKinds) -> &'static [OrganisationKind] {
    match kinds {
        LeadKinds::PublicOnly => PUBLIC,
        LeadKinds::PublicOrNonprofit => &[PublicBody, TerritorialAreaOrAgency, Nonprofit],
    }
}

fn named(kinds: &[OrganisationKind]) -> String {
    kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ")
}

pub(super) fn check(project: &ProjectFacts, terms: Option<&CallTerms>, findings: &mut Vec<Finding>) {
    let lead = &project.lead;
    if let Some(terms) = terms {
        let kinds = may_lead(terms.lead_kinds);
        findings.push(Finding {
            rule: ProjectRule::LeadKind,
            ok: kinds.contains(&lead.kind),
            relation: Relation::Among,
            expected: named(kinds),
            found: lead.kind.to_string(),
            pointer: "/lead".to_owned(),
        });
    }
    let present: Vec<(usize, &PartnerFacts)> =
        project.partners.iter().enumerate().filter(|(_, partner)| !partner.left).collect();
    let mut kinds: Vec<OrganisationKind> = present.iter().map(|(_, partner)| partner.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    findings.push(Finding {
        rule: ProjectRule::PrivateLeadHasPublicPartner,
        ok: PUBLIC.contains(&lead.kind) || kinds.iter().any(|kind| PUBLIC.contains(kind)),
        relation: Relation::Among,
        expected: named(PUBLIC),
        found: if PUBLIC.contains(&lead.kind) { lead.kind.to_string() } else { named(&kinds) },
        pointer: "/partners".to_owned(),
    });
    members(lead, &present, findings);
    mandates(&present, findings);
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the facts grow")]
fn members(lead: &PartnerFacts, present: &[(usize, &PartnerFacts)], findings: &mut Vec<Finding>) {
    let of = |ok, pointer| Finding {
        rule: ProjectRule::PartnersAreMembers,
        ok,
        relation: Relation::Equal,
        expected: "member".to_owned(),
        found: if ok { "member" } else { "not_member" }.to_owned(),
        pointer,
    };
    let before = findings.len();
    if !lead.member {
        findings.push(of(false, "/lead".to_owned()));
    }
    let strangers = present.iter().filter(|(_, partner)| !partner.member);
    findings.extend(strangers.map(|(at, _)| of(false, format!("/partners/{at}"))));
    if findings.len() == before {
        findings.push(of(true, "/partners".to_owned()));
    }
}

fn mandates(present: &[(usize, &PartnerFacts)], findings: &mut Vec<Finding>) {
    let of = |ok, pointer| Finding {
        rule: ProjectRule::MandatesSigned,
        ok,
        relation: Relation::Equal,
        expected: "signed".to_owned(),
        found: if ok { "signed" } else { "not_signed" }.to_owned(),
        pointer,
    };
    let before = findings.len();
    let unsigned = present.iter().filter(|(_, partner)| partner.mandate_on.is_none());
    findings.extend(unsigned.map(|(at, _)| of(false, format!("/partners/{at}/mandate_on"))));
    if findings.len() == before {
        findings.push(of(true, "/partners".to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::published_figures::{partner, project_of, terms};
    use super::*;
    use crate::projects::CostItems;

    fn faults(project: &ProjectFacts, kinds: LeadKinds) -> Vec<(ProjectRule, String)> {
        let terms = CallTerms { lead_kinds: kinds, ..terms() };
        let mut findings = vec![];
        check(project, Some(&terms), &mut findings);
        findings.into_iter().filter(|f| !f.ok).map(|f| (f.rule, f.pointer)).collect()
    }

    fn led_by(kind: OrganisationKind, partners: Vec<PartnerFacts>) -> ProjectFacts {
        let mut project = project_of(CostItems::default(), 0, &[]);
        project.lead.kind = kind;
        project.partners = partners;
        project
    }

    #[test]
    fn who_may_lead_is_a_setting_of_the_call() {
        let both = LeadKinds::PublicOrNonprofit;
        for kind in OrganisationKind::ALL {
            let project = led_by(*kind, vec![partner(PublicBody)]);
            let public = PUBLIC.contains(kind);
            let refused = [(ProjectRule::LeadKind, "/lead".to_owned())];
            let expected = |may: bool| if may { &[][..] } else { &refused[..] };
            assert_eq!(faults(&project, both), expected(public || *kind == Nonprofit), "{kind}");
            assert_eq!(faults(&project, LeadKinds::PublicOnly), expected(public), "{kind}");
        }
    }

    #[test]
    fn a_private_lead_needs_a_public_partner_that_has_not_left() {
        let rule = [(ProjectRule::PrivateLeadHasPublicPartner, "/partners".to_owned())];
        let kinds = LeadKinds::PublicOrNonprofit;
        assert_eq!(faults(&led_by(Nonprofit, vec![]), kinds), rule);
        assert_eq!(faults(&led_by(Nonprofit, vec![partner(Nonprofit)]), kinds), rule);
        for public in PUBLIC {
            let mut project = led_by(Nonprofit, vec![partner(*public)]);
            assert_eq!(faults(&project, kinds), []);
            project.partners[0].left = true;
            assert_eq!(faults(&project, kinds), rule);
        }
        assert_eq!(faults(&led_by(PublicBody, vec![]), kinds), []);
    }

    #[test]
    fn each_partner_is_a_member_with_a_mandate_while_it_takes_part() {
        let mut project = led_by(PublicBody, vec![partner(Nonprofit); 3]);
        project.partners[0].mandate_on = None;
        project.partners[1].member = false;
        project.partners[2] = PartnerFacts { member: false, mandate_on: None, left: true, ..project.partners[2] };
        let expected = [
            (ProjectRule::PartnersAreMembers, "/partners/1".to_owned()),
            (ProjectRule::MandatesSigned, "/partners/0/mandate_on".to_owned()),
        ];
        assert_eq!(faults(&project, LeadKinds::PublicOnly), expected);
        project.lead.member = false;
        assert_eq!(
            faults(&project, LeadKinds::PublicOnly)[0],
            (ProjectRule::PartnersAreMembers, "/lead".to_owned())
        );
    }
}
