//! The facts of the demo, from the files of `data/`: read by the loader and by the listing of log-ins alike.

use super::calendar::Pattern;
use chrono::NaiveDate;
use concilia_benefits::Share;
use concilia_catalogue::{InclusionFeature, InterventionType, Place, Unit, VatRate};
use concilia_kernel::identifiers::BirthplaceCode;
use concilia_kernel::{Money, Problem, Role};
use concilia_marketplace::rules::OrderState;
use concilia_network::{CompanySize, OrganisationKind};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A failure of the demo's own files, which the tests would have shown.
#[derive(Debug, thiserror::Error)]
#[error("the demo's data is not sound: {0}")]
pub struct DataError(pub String);

impl From<serde_json::Error> for DataError {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<DataError> for Problem {
    fn from(error: DataError) -> Self {
        Self::internal(error)
    }
}

pub(super) struct Data {
    pub(super) territories: Vec<TerritoryData>,
    pub(super) accounts: Accounts,
    pub(super) families: Vec<FamilyData>,
    pub(super) names: Names,
    pub(super) places: Vec<PlaceData>,
}

/// One territory with all that stands in it.
pub(super) struct TerritoryData {
    pub(super) head: TerritoryHead,
    pub(super) organisations: Vec<OrganisationData>,
    pub(super) services: Vec<ServiceData>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TerritoryHead {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) provinces: Vec<String>,
    /// Day on which its first members were admitted; that of loading unless told.
    pub(super) members_since: Option<NaiveDate>,
    pub(super) project: ProjectData,
    pub(super) store: StoreData,
    pub(super) categories: Vec<CategoryData>,
    pub(super) employers: Vec<EmployerData>,
    pub(super) ranked_call: RankedCallData,
    pub(super) open_call: OpenCallData,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganisationData {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) kind: OrganisationKind,
    pub(super) size: Option<CompanySize>,
    pub(super) municipality: Option<String>,
    #[serde(default)]
    pub(super) vat: bool,
    /// Day on which it became a member, if that was in the first year of the plan; else it was one before.
    pub(super) joined_on: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProjectData {
    pub(super) reference: String,
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) institutional: Vec<String>,
    /// Those who deliver: accredited providers of the project's store.
    pub(super) implementing: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoreData {
    pub(super) slug: String,
    pub(super) name_it: String,
    pub(super) name_en: String,
    pub(super) description_it: String,
    pub(super) description_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CategoryData {
    pub(super) code: String,
    pub(super) name_it: String,
    pub(super) name_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EmployerData {
    pub(super) organisation: String,
    pub(super) employees: usize,
    /// How many of them apply to the ranked call, beside those who can log in.
    pub(super) applicants: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RankedCallData {
    pub(super) title_it: String,
    pub(super) title_en: String,
    pub(super) budget: Money,
    pub(super) first_award_share: Share,
    pub(super) value_per_child: Money,
    pub(super) minimum_age: i16,
    pub(super) maximum_age: i16,
    pub(super) opened_days_ago: i64,
    pub(super) closed_days_ago: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenCallData {
    pub(super) title_it: String,
    pub(super) title_en: String,
    pub(super) budget: Money,
    pub(super) first_award_share: Share,
    pub(super) value_per_child: Money,
    pub(super) household_cap: Money,
    pub(super) minimum_age: i16,
    pub(super) maximum_age: i16,
    /// Invented families that have applied already.
    pub(super) submitted: usize,
    /// Invented families that are still writing.
    pub(super) drafts: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceData {
    pub(super) category: String,
    pub(super) title_it: String,
    pub(super) title_en: String,
    pub(super) description_it: String,
    pub(super) description_en: String,
    pub(super) intervention: InterventionType,
    pub(super) minimum_age: i16,
    pub(super) maximum_age: i16,
    pub(super) place: Place,
    pub(super) unit: Unit,
    pub(super) vat_rate: VatRate,
    #[serde(default)]
    pub(super) inclusion: Vec<InclusionFeature>,
    pub(super) sessions: Option<Pattern>,
    pub(super) offers: Vec<OfferData>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfferData {
    pub(super) provider: String,
    pub(super) municipality: Option<String>,
    pub(super) price: Money,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Accounts {
    pub(super) officers: Vec<OfficerData>,
    pub(super) machine_clients: Vec<MachineClientData>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfficerData {
    pub(super) territory: String,
    pub(super) organisation: String,
    pub(super) role: Role,
    pub(super) email: String,
    pub(super) name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MachineClientData {
    pub(super) territory: String,
    pub(super) organisation: String,
    pub(super) role: Role,
    pub(super) client_id: String,
    pub(super) name: String,
}

/// A family whose worker can log in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FamilyData {
    pub(super) territory: String,
    pub(super) employer: String,
    pub(super) email: String,
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) sex: SexData,
    pub(super) birth_date: NaiveDate,
    pub(super) birthplace: BirthplaceCode,
    #[serde(default)]
    pub(super) single_parent: bool,
    #[serde(default)]
    pub(super) both_parents_working: bool,
    #[serde(default)]
    pub(super) shift_work: bool,
    #[serde(default)]
    pub(super) no_relatives_nearby: bool,
    pub(super) isee: Money,
    pub(super) children: Vec<ChildData>,
    /// None: eligible, not yet applied.
    pub(super) applies_to: Option<AppliesTo>,
    #[serde(default)]
    pub(super) orders: Vec<OrderData>,
}

/// An order paid with the child's voucher.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderData {
    /// Counted from zero.
    pub(super) child: usize,
    /// English title of the service.
    pub(super) service: String,
    pub(super) provider: String,
    /// Counted from zero; none for a service without sessions.
    pub(super) session: Option<usize>,
    pub(super) quantity: i32,
    pub(super) state: OrderState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum AppliesTo {
    /// Submitted to the call whose ranking is approved.
    Ranked,
    /// Submitted to the call that is open.
    Open,
    /// Being written, for the call that is open.
    Draft,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum SexData {
    Female,
    Male,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChildData {
    pub(super) given_name: String,
    pub(super) sex: SexData,
    pub(super) age_in_months: u32,
    #[serde(default)]
    pub(super) disability: bool,
    #[serde(default)]
    pub(super) learning_disorder: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    pub(super) female: Vec<String>,
    pub(super) male: Vec<String>,
    pub(super) family: Vec<String>,
}

/// A municipality of the two provinces, with its cadastral code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceData {
    pub(super) name: String,
    pub(super) code: BirthplaceCode,
}

impl Data {
    pub(super) fn read() -> Result<Self, DataError> {
        Ok(Self {
            territories: vec![
                TerritoryData {
                    head: parse(include_str!("data/val-padana.json"))?,
                    organisations: parse(include_str!("data/val-padana-organisations.json"))?,
                    services: parse(include_str!("data/val-padana-services.json"))?,
                },
                TerritoryData {
                    head: parse(include_str!("data/valle-azzurra.json"))?,
                    organisations: parse(include_str!("data/valle-azzurra-organisations.json"))?,
                    services: parse(include_str!("data/valle-azzurra-services.json"))?,
                },
            ],
            accounts: parse(include_str!("data/accounts.json"))?,
            families: parse(include_str!("data/families.json"))?,
            names: parse(include_str!("data/names.json"))?,
            places: parse(include_str!("data/places.json"))?,
        })
    }

    pub(super) fn territory(&self, code: &str) -> Result<&TerritoryData, DataError> {
        self.territories
            .iter()
            .find(|t| t.head.code == code)
            .ok_or_else(|| DataError(format!("no territory {code}")))
    }
}

impl TerritoryData {
    pub(super) fn organisation(&self, key: &str) -> Result<&OrganisationData, DataError> {
        self.organisations.iter().find(|o| o.key == key).ok_or_else(|| DataError(format!("no organisation {key}")))
    }

    pub(super) fn organisation_named(&self, name: &str) -> Result<&OrganisationData, DataError> {
        let found = self.organisations.iter().find(|organisation| organisation.name == name);
        found.ok_or_else(|| DataError(format!("no organisation called {name}")))
    }
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, DataError> {
    Ok(serde_json::from_str(text)?)
}
