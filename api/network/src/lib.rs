//! The network of a territory: its organisations and their membership. Also the territories
//! themselves, the tenants that everything else belongs to.
//!
//! It offers the others: [`find_organisation`], [`existing_organisations`], [`organisation_names`] and
//! [`is_admitted_member`] to check and name the organisations they refer to; [`insert_territory`],
//! [`insert_organisation`] and [`insert_membership`] to load them.

pub mod get_me;
pub mod get_organisation;
mod kinds;
pub mod list_organisations;
pub mod list_territories;
mod memberships;
mod organisations;
mod schema;
mod territories;

pub use kinds::{CompanySize, MembershipState, OrganisationKind};
pub use memberships::{insert_membership, is_admitted_member};
pub use organisations::{
    NewOrganisation, Organisation, OrganisationName, existing_organisations, find_organisation,
    insert_organisation, organisation_names,
};
pub use territories::{
    NewTerritory, Territory, find_territory, has_territories, insert_territory, lock_territories,
};
