//! The seven projects of the 2020-2023 plan of ATS della Val Padana, by the figures published: all were approved, so all
//! must pass. Also what the tests of single rules start from.

use super::{ActivityFacts, CallTerms, LineFacts, PartnerFacts, ProjectFacts, check};
use crate::LeadKinds;
use crate::projects::CostItems;
use crate::rules::intervention_type::InterventionType;
use crate::rules::month::Month;
use crate::rules::plan_years::PlanYears;
use chrono::NaiveDate;
use concilia_kernel::{Money, Ratio};
use concilia_network::OrganisationKind::{
    self, Company, EmployersAssociation, Nonprofit, PublicBody, TerritorialAreaOrAgency,
};

/// The limits of the call of 2020.
pub(super) fn terms() -> CallTerms {
    CallTerms {
        intervention_types: InterventionType::ALL.to_vec(),
        lead_kinds: LeadKinds::PublicOrNonprofit,
        coordination_limit: Ratio::hundredths(15).unwrap(),
        cofinancing_minimum: Ratio::hundredths(30).unwrap(),
        maximum_grant: Some(Money::from_cents(40_000_00)),
        plan_years: PlanYears::from_to(2020, 2023),
    }
}

pub(super) fn partner(kind: OrganisationKind) -> PartnerFacts {
    PartnerFacts { kind, member: true, mandate_on: NaiveDate::from_ymd_opt(2020, 5, 1), left: false }
}

/// A project led by a public body, with nothing wrong but perhaps its money: co-financing lines in cents, signed off.
pub(super) fn project_of(costs: CostItems, requested: i64, lines: &[i64]) -> ProjectFacts {
    let starts_on = NaiveDate::from_ymd_opt(2020, 6, 1).unwrap();
    ProjectFacts {
        costs,
        requested_grant: Money::from_cents(requested),
        lead: partner(PublicBody),
        partners: vec![],
        lines: lines
            .iter()
            .map(|cents| LineFacts { amount: Money::from_cents(*cents), signed_off: true, left: false })
            .collect(),
        intervention_types: vec![InterventionType::A],
        starts_on,
        ends_on: NaiveDate::from_ymd_opt(2021, 5, 31).unwrap(),
        activities: vec![ActivityFacts { months: vec![Month::of(starts_on)], target_years: vec![2020] }],
    }
}

struct Published {
    reference: &'static str,
    lead: OrganisationKind,
    partners: &'static [OrganisationKind],
    /// Cents: A, of which coordination, B, C, D, E.
    costs: [i64; 6],
    requested: i64,
    /// Cents of each line, monetary and in kind.
    lines: &'static [(i64, i64)],
}

const PUBLISHED: &[Published] = &[
    Published {
        reference: "2.1",
        lead: PublicBody,
        partners: &[Company, PublicBody, TerritorialAreaOrAgency],
        costs: [1_337_800, 520_800, 0, 3_150_000, 4_000_000, 0],
        requested: 4_000_000,
        lines: &[
            (0, 520_800),
            (0, 217_000),
            (0, 200_000),
            (0, 200_000),
            (0, 200_000),
            (724_500, 0),
            (882_000, 0),
            (456_750, 0),
            (456_750, 0),
            (315_000, 0),
            (315_000, 0),
        ],
    },
    Published {
        reference: "2.2",
        lead: TerritorialAreaOrAgency,
        partners: &[Company, Nonprofit],
        costs: [1_200_000, 500_000, 0, 700_000, 2_000_000, 100_000],
        requested: 2_300_000,
        lines: &[
            (400_000, 950_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
        ],
    },
    Published {
        reference: "2.3",
        lead: PublicBody,
        partners: &[Company, Nonprofit, PublicBody, TerritorialAreaOrAgency],
        costs: [150_000, 0, 0, 4_750_000, 0, 100_000],
        requested: 3_500_000,
        lines: &[(1_350_000, 150_000)],
    },
    Published {
        reference: "2.4",
        lead: Nonprofit,
        partners: &[Nonprofit, PublicBody, TerritorialAreaOrAgency],
        costs: [4_260_000, 650_000, 2_240_000, 250_000, 0, 0],
        requested: 4_000_000,
        lines: &[
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (2_000_000, 50_000),
        ],
    },
    Published {
        reference: "2.5",
        lead: PublicBody,
        partners: &[Nonprofit, TerritorialAreaOrAgency],
        costs: [1_414_285, 855_000, 0, 4_200_000, 0, 100_000],
        requested: 4_000_000,
        lines: &[(400_000, 457_143), (400_000, 457_142)],
    },
    Published {
        reference: "2.6",
        lead: TerritorialAreaOrAgency,
        partners: &[Company, Nonprofit, PublicBody, TerritorialAreaOrAgency],
        costs: [1_800_000, 275_000, 0, 0, 4_000_000, 200_000],
        requested: 4_000_000,
        lines: &[
            (650_000, 150_000),
            (650_000, 125_000),
            (0, 50_000),
            (0, 25_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 100_000),
        ],
    },
    Published {
        reference: "2.7",
        lead: PublicBody,
        partners: &[EmployersAssociation, Nonprofit, PublicBody, TerritorialAreaOrAgency],
        costs: [1_000_000, 530_000, 0, 2_600_000, 0, 0],
        requested: 2_000_000,
        lines: &[
            (600_000, 350_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
            (0, 50_000),
        ],
    },
];

fn facts(published: &Published) -> ProjectFacts {
    let [staff, coordination, goods, services, vouchers, general] = published.costs.map(Money::from_cents);
    let costs = CostItems { staff, coordination, goods, services, vouchers, general };
    let lines: Vec<i64> = published.lines.iter().map(|(monetary, in_kind)| monetary + in_kind).collect();
    let mut project = project_of(costs, published.requested, &lines);
    project.lead.kind = published.lead;
    project.partners = published.partners.iter().map(|kind| partner(*kind)).collect();
    project
}

#[test]
fn the_seven_projects_of_2020_pass_every_rule() {
    for published in PUBLISHED {
        let faults: Vec<_> =
            check(&facts(published), Some(&terms())).into_iter().filter(|finding| !finding.ok).collect();
        assert_eq!(faults, [], "project {}", published.reference);
    }
}

#[test]
fn a_cent_less_of_cofinancing_fails_project_2_5_and_no_cent_was_spare() {
    let published = PUBLISHED.iter().find(|published| published.reference == "2.5").unwrap();
    let mut project = facts(published);
    assert_eq!(project.cofinancing(), Money::from_cents(17_142_85));
    project.lines[0].amount -= Money::from_cents(1);
    project.requested_grant += Money::from_cents(1);
    let faults: Vec<_> = check(&project, Some(&terms())).into_iter().filter(|finding| !finding.ok).collect();
    let told: Vec<_> = faults.iter().map(|f| (f.rule.as_str(), f.expected.as_str(), f.found.as_str())).collect();
    // The grant is above the maximum as well, since the missing cent is asked of the agency.
    assert_eq!(told, [("cofinancing_minimum", "17142.85", "17142.84"), ("maximum_grant", "40000.00", "40000.01")]);
}
