//! Reads and writes of the tables of this context; every one takes the territory.

pub mod admissible_amounts;
pub mod allocation_rows;
pub mod allocations;
pub mod awards;
