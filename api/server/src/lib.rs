//! The Concilia server: the route table, the policy, the contract, the gate, the command line, the demo.

pub mod commands;
pub mod contract;
pub mod demo;
pub mod http;
pub mod policy;
pub mod routes;
pub mod runtime;
pub mod settings;
