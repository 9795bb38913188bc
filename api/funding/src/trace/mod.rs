//! One euro followed both ways, from the plan to the payment of a family's order.

mod node;
mod queries;
pub mod trace_funding;

pub use node::{FundingNodeKind, FundingTraceNode};
