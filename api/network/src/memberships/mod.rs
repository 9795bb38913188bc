//! Memberships: asked for by organisations, decided by the agency, ended by either.

pub mod admit_membership;
mod decision;
pub mod exclude_membership;
pub mod get_membership;
pub mod get_membership_statement;
pub mod list_memberships;
mod members;
mod membership;
mod queries;
pub mod refuse_membership;
pub mod request_membership;
mod statement;
mod states;
pub mod withdraw_membership;

pub use members::{
    admitted_among, admitted_members, count_admitted_members, insert_membership, is_admitted_member,
};
