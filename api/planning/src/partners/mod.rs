//! The organisations of an alliance: what each does in a project, and what it puts in.

mod cofinancing;
mod partner;

pub use cofinancing::{CofinancingLine, cofinancing_of};
pub use partner::{Partner, PartnerOrganisation, PartnerRole, insert_partner, partner_organisations};
