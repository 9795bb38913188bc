//! The table of an allocation as it goes with the decree that approves it: on paper and as a workbook.
//!
//! It is a part of an Italian administrative act, so it is in Italian whatever the caller reads.

mod contents;
mod document;
pub mod get_allocation_pdf;
pub mod get_allocation_xlsx;
mod table;
mod workbook;

pub use table::{bands_table, explanation, projects_table, reductions_table};

use crate::rules::states::AllocationState;

/// What a run that is not in force is called across its pages; nothing for one in force.
fn standing(state: AllocationState) -> Option<&'static str> {
    match state {
        AllocationState::Computed => Some("NON APPROVATO"),
        AllocationState::Discarded => Some("SCARTATO"),
        AllocationState::Superseded => Some("SUPERATO"),
        AllocationState::Approved => None,
    }
}
