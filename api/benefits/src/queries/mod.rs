//! Every statement of this context. All take the territory, but for public reads, whose condition is stated.

pub mod application_lines;
pub mod applications;
pub mod bulk;
pub mod protocol;
pub mod ranking_inputs;
pub mod ranking_rows;
pub mod rankings;
pub mod voucher_calls;
