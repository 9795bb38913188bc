//! One tag for each bounded context.

use super::visit::{self, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const TAGS: &[(&str, &str)] = &[
    ("identity", "Accounts, sessions, tokens and keys"),
    ("network", "Organisations of the territory, their membership of the network, its composition"),
    ("governance", "Committee, assembly and working groups: meetings, votes, minutes, agenda"),
    ("planning", "Plans, calls for projects, projects and their partners"),
    ("evaluation", "Scorecards of the committee and final scores"),
    ("allocation", "How a call's budget is shared out, approved, explained and published"),
    ("eligibility", "Employers, pushes of employees, workers and households"),
    ("ledger", "Vouchers and the double-entry ledger that holds their money"),
    ("benefits", "Voucher calls, applications and rankings"),
    ("catalogue", "Stores, accredited providers, services and their sessions"),
    ("marketplace", "Family plans and orders"),
    ("payments", "Provider statements, up to their payment"),
    ("funding", "From the award to the settlement: agreements, tranches, expenses, the trace of a euro"),
    ("actions", "System and cross-cutting actions, events, company paths, questionnaires"),
    ("indicators", "What plans and projects have reached, half-year by half-year"),
    ("integration", "Webhooks, machine clients and provisioning"),
    ("jobs", "Progress and results of long work"),
    ("operations", "Health of the service and its contract"),
];

/// Describes the tags in use, in the order of the table. One that is not in the table stays bare, and is a defect.
pub(super) fn describe(document: &mut Value) {
    let used: BTreeSet<String> = visit::operations(document)
        .flat_map(|(_, _, operation)| operation.get("tags").and_then(Value::as_array).into_iter().flatten())
        .filter_map(|tag| tag.as_str().map(str::to_owned))
        .collect();
    document["tags"] = TAGS
        .iter()
        .filter(|(name, _)| used.contains(*name))
        .map(|(name, description)| json!({ "name": name, "description": description }))
        .collect();
}

pub(super) fn declared(document: &Value) -> BTreeSet<&str> {
    let tags = document["tags"].as_array().into_iter().flatten();
    tags.filter_map(Value::as_object).map(|tag| text(tag, "name")).collect()
}
