//! The network of a territory: its organisations and their membership, its composition as frozen twice a year, the
//! notices and documents of its reserved area. Also the territories themselves, the tenants that everything else
//! belongs to.
//!
//! It offers the others: [`find_organisation`], [`existing_organisations`], [`organisation_names`],
//! [`is_admitted_member`], [`admitted_among`] and [`count_admitted_members`] to check and name the organisations they
//! refer to; [`officer_organisations`] and [`officer_role`] to know whom a caller acts for; [`territory_of_request`]
//! for public reads; [`live_composition`] and
//! [`frozen_composition`] for indicators; [`insert_territory`],
//! [`insert_organisation`], [`insert_membership`] and [`freeze_composition`] to load them.

pub mod composition;
pub mod get_me;
pub mod get_organisation;
mod kinds;
pub mod list_organisations;
pub mod list_territories;
pub mod memberships;
mod officers;
mod organisation_kinds;
mod organisations;
pub mod reserved;
mod routes;
mod schema;
mod territories;

pub use composition::{Composition, Half, KindCount, freeze_composition, frozen_composition, live_composition};
pub use kinds::{Audience, CompanySize, MembershipState, OrganisationKind};
pub use memberships::{
    admitted_among, admitted_members, count_admitted_members, insert_membership, is_admitted_member,
};
pub use officers::{officer_organisations, officer_role};
pub use organisation_kinds::organisation_kinds;
pub use organisations::{
    NewOrganisation, Organisation, OrganisationName, existing_organisations, find_organisation,
    insert_organisation, organisation_names,
};
pub use routes::routes;
pub use territories::{
    NewTerritory, Territory, find_territory, find_territory_by_code, has_territories, insert_territory,
    lock_territories, territory_of_request,
};
