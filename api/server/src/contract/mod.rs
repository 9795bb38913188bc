//! From what utoipa emits to the document that is served.
//!
//! Handlers declare their parameters, body, success responses and the problems of their own. This module mends what
//! utoipa cannot express and adds, in one place, what all operations share: headers, common problems, security, bounds.
//! It is deterministic: the same handlers give the same bytes.

mod bounds;
mod closed;
mod defects;
mod examples;
mod flatten;
mod headers;
mod info;
mod pages;
mod parameters;
mod problems;
mod prune;
mod security;
mod tags;
mod unions;
mod visit;

#[cfg(test)]
mod tests;

pub use defects::defects;

use crate::policy::Access;
use serde_json::Value;

/// The finished document. `policy` says who may call the operation of a given id; one that it does not know is shown
/// as open to nobody without a token.
pub fn finish(raw: Value, policy: &dyn Fn(&str) -> Option<Access>) -> Value {
    let mut document = raw;
    info::describe(&mut document);
    pages::refer_to_items(&mut document);
    unions::discriminate(&mut document);
    flatten::merge_all_of(&mut document);
    security::protect(&mut document, policy);
    parameters::share(&mut document);
    problems::share(&mut document);
    headers::share(&mut document);
    examples::lift(&mut document);
    closed::close(&mut document);
    bounds::fill(&mut document);
    tags::describe(&mut document);
    prune::drop_unused(&mut document);
    document
}

/// The bytes that are served and checked in.
pub fn render(document: &Value) -> String {
    format!("{document:#}\n")
}
