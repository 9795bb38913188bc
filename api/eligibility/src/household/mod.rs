//! Workers' households: facts about the family, children and dependants. All of it is sealed.

mod bulk;
pub mod create_household_member;
mod facts;
pub mod get_household;
pub mod get_household_member;
pub mod list_household_members;
mod member;
mod person;
mod queries;
pub mod remove_household_member;
mod snapshot;
pub mod update_household;
pub mod update_household_member;

pub use bulk::{NewHousehold, NewMember, insert_households, insert_members};
pub use facts::{Household, HouseholdFacts};
pub use member::HouseholdMember;
pub use person::{HouseholdPerson, Relationship, SchoolLevel};
pub use queries::{insert_household, insert_member};
pub use snapshot::{
    HouseholdSnapshot, MemberName, MemberSnapshot, household_snapshot, member_names, open_member_name,
};

/// Most members of a household.
pub const MOST_MEMBERS: i64 = 20;
