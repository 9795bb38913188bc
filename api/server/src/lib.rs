//! The Concilia server: the route table, the policy, the contract, the command line.

pub mod contract;
pub mod policy;
pub mod routes;
