//! The members of a network, counted by kind, by size and by whether they are in an alliance.

use super::Half;
use crate::{CompanySize, OrganisationKind};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// The composition of a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({
    "territory": "ATS-VALPADANA", "half": null, "taken_at": "2026-11-30T10:00:00Z", "members": 159, "in_alliances": 71,
    "by_kind": [
        {"kind": "territorial_area_or_agency", "members": 10, "in_alliances": 9},
        {"kind": "employers_association", "members": 19, "in_alliances": 8},
        {"kind": "trade_union", "members": 5, "in_alliances": 0},
        {"kind": "public_body", "members": 23, "in_alliances": 10},
        {"kind": "education", "members": 1, "in_alliances": 0},
        {"kind": "nonprofit", "members": 56, "in_alliances": 31},
        {"kind": "company", "members": 45, "in_alliances": 13}],
    "companies_by_size": [
        {"company_size": "micro", "members": 20, "in_alliances": 4},
        {"company_size": "small", "members": 15, "in_alliances": 5},
        {"company_size": "medium", "members": 7, "in_alliances": 3},
        {"company_size": "large", "members": 3, "in_alliances": 1},
        {"company_size": null, "members": 0, "in_alliances": 0}]
}))]
pub struct Composition {
    /// Code of the territory.
    #[schema(min_length = 2, max_length = 40, pattern = "^[A-Z0-9-]+$", example = "ATS-VALPADANA")]
    pub territory: String,
    /// The half-year it was frozen for; null when it is the present one.
    #[schema(required, value_type = Option<String>, min_length = 7, max_length = 7, pattern = r"^20\d{2}-H[12]$")]
    pub half: Option<Half>,
    /// When the members were counted.
    pub taken_at: DateTime<Utc>,
    /// Members in all.
    #[schema(minimum = 0)]
    pub members: i64,
    /// Members in alliances.
    #[schema(minimum = 0)]
    pub in_alliances: i64,
    /// Members of each of the seven kinds.
    #[schema(min_items = 7, max_items = 7)]
    pub by_kind: Vec<KindCount>,
    /// Companies of each size; the last row counts those whose size is not known.
    #[schema(min_items = 5, max_items = 5)]
    pub companies_by_size: Vec<SizeCount>,
}

/// Members of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct KindCount {
    /// The kind.
    pub kind: OrganisationKind,
    /// Members of that kind.
    #[schema(minimum = 0)]
    pub members: i64,
    /// Those of them in alliances.
    #[schema(minimum = 0)]
    pub in_alliances: i64,
}

/// Companies of a size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SizeCount {
    /// The size; null for companies whose size is not known.
    #[schema(required)]
    pub company_size: Option<CompanySize>,
    /// Members of that size.
    #[schema(minimum = 0)]
    pub members: i64,
    /// Those of them in alliances.
    #[schema(minimum = 0)]
    pub in_alliances: i64,
}

/// Members of one kind and size.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub kind: OrganisationKind,
    pub company_size: Option<CompanySize>,
    pub members: i64,
    pub in_alliances: i64,
}

/// Sums groups up: every kind and every size has its row, also when it is empty.
pub(super) fn compose(
    territory: String,
    half: Option<Half>,
    taken_at: DateTime<Utc>,
    groups: &[Group],
) -> Composition {
    let sum = |wanted: &dyn Fn(&Group) -> bool| {
        let wanted = groups.iter().filter(|group| wanted(group));
        wanted.fold((0, 0), |(members, allied), group| (members + group.members, allied + group.in_alliances))
    };
    let (members, in_alliances) = sum(&|_| true);
    let by_kind = OrganisationKind::ALL.iter().map(|kind| {
        let (members, in_alliances) = sum(&|group| group.kind == *kind);
        KindCount { kind: *kind, members, in_alliances }
    });
    let sizes = CompanySize::ALL.iter().copied().map(Some).chain([None]);
    let companies_by_size = sizes.map(|size| {
        let of_size = |group: &Group| group.kind == OrganisationKind::Company && group.company_size == size;
        let (members, in_alliances) = sum(&of_size);
        SizeCount { company_size: size, members, in_alliances }
    });
    Composition {
        territory,
        half,
        taken_at,
        members,
        in_alliances,
        by_kind: by_kind.collect(),
        companies_by_size: companies_by_size.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn group() -> impl Strategy<Value = Group> {
        let kinds = prop::sample::select(OrganisationKind::ALL);
        let sizes = prop::option::of(prop::sample::select(CompanySize::ALL));
        (kinds, sizes, 0_i64..500, 0_i64..500).prop_map(|(kind, size, members, allied)| Group {
            kind,
            company_size: size.filter(|_| kind == OrganisationKind::Company),
            members: members.max(allied),
            in_alliances: allied,
        })
    }

    proptest! {
        #[test]
        fn kinds_and_sizes_sum_to_their_totals(groups in prop::collection::vec(group(), 0..30)) {
            let whole = compose("T".into(), None, concilia_kernel::now(), &groups);
            prop_assert_eq!(whole.by_kind.len(), 7);
            prop_assert_eq!(whole.by_kind.iter().map(|kind| kind.members).sum::<i64>(), whole.members);
            prop_assert_eq!(whole.by_kind.iter().map(|kind| kind.in_alliances).sum::<i64>(), whole.in_alliances);
            let companies = whole.by_kind.iter().find(|kind| kind.kind == OrganisationKind::Company).unwrap();
            prop_assert_eq!(whole.companies_by_size.iter().map(|size| size.members).sum::<i64>(), companies.members);
            prop_assert_eq!(
                whole.companies_by_size.iter().map(|size| size.in_alliances).sum::<i64>(),
                companies.in_alliances
            );
            prop_assert!(whole.in_alliances <= whole.members);
        }
    }
}
