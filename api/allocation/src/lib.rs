//! Allocation: how the budget of a project call is shared out among its scored projects, to the cent.
//!
//! An officer of the agency tries terms and percentages, then computes a run: what it is computed from is frozen, and
//! every step of every row is kept, so that each euro can be explained. A second person approves it by an act: projects
//! are funded or not, the call is awarded, the awards are public. A correction is a new run that supersedes.
//!
//! For the contexts above: [`award_of`], [`awards_of_projects`] and [`awards_of_call`] say what was assigned by which act;
//! [`allocation_in_force`] is the whole run behind a call's awards, and [`decree`] sets it in tables;
//! [`insert_approved_allocation`] and [`insert_admissible_amount`] play the officers' part for the demo and imports.

pub mod admissible;
pub mod allocations;
pub mod awards;
mod bulk;
pub mod decree;
mod queries;
mod routes;
mod rules;
mod schema;

pub use allocations::{Act, Allocation, AllocationRow, allocation_in_force};
pub use awards::{Award, CallAward, award_of, awards_of_call, awards_of_projects};
pub use bulk::{insert_admissible_amount, insert_approved_allocation};
pub use routes::routes;
pub use rules::terms::{
    AllocationMethod, AllocationTerms, AllocationTieBreak, Band, BandsResidue, BandsTerms, FlatPercentageTerms,
    FlatResidue, LastFunded, ProportionalTerms, RankedInFullTerms,
};
