//! What is admissible of a request, when it is less than the whole.

mod admissible_amount;
pub mod list_admissible_amounts;
pub mod set_admissible_amount;

pub use admissible_amount::AdmissibleAmount;
