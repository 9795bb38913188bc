//! The real plan, with and without its two slips, and how tests look at what is found.

use concilia_plan_check::{Report, Rule, Severity, check};
use serde_json::{Value, json};

pub const REAL: &str = include_str!("../../examples/val-padana-2020-23.json");

pub fn real() -> Value {
    serde_json::from_str(REAL).unwrap()
}

/// The real plan as it should have been printed.
pub fn mended() -> Value {
    let mut plan = real();
    plan["allocation"]["rows"][6]["cost"] = json!("57142.85");
    plan["allocation"]["totals"]["cost"] = json!("395520.85");
    plan["network_composition"]["in_alliances"] = json!(70);
    plan["network_composition"]["by_kind"]["public_body"] = json!([23, 11]);
    plan["network_composition"]["by_kind"]["territorial_area_or_agency"] = json!([10, 7]);
    plan
}

/// What is found never says that what was found is what was expected.
pub fn report(plan: &Value) -> Report {
    let report = check(plan.to_string().as_bytes()).unwrap();
    for finding in report.findings().all() {
        assert!(finding.expected.is_empty() || finding.expected != finding.found, "{finding:?}");
    }
    report
}

/// Errors and warnings, as rule and place.
pub fn failures(plan: &Value) -> Vec<(Rule, String)> {
    listed(plan, |severity| severity != Severity::Note)
}

/// Errors, warnings and notes.
pub fn everything(plan: &Value) -> Vec<(Rule, String)> {
    listed(plan, |_| true)
}

fn listed(plan: &Value, wanted: fn(Severity) -> bool) -> Vec<(Rule, String)> {
    let report = report(plan);
    let found = report.findings().all().iter().filter(|finding| wanted(finding.rule.severity()));
    found.map(|finding| (finding.rule, finding.at.clone())).collect()
}

/// Every value of a document with its pointer, containers before what they hold.
pub fn places(plan: &Value) -> Vec<String> {
    let mut found = vec![];
    walk(plan, &mut String::new(), &mut found);
    found
}

fn walk(value: &Value, at: &mut String, found: &mut Vec<String>) {
    found.push(at.clone());
    let length = at.len();
    let mut below = |key: &str, value: &Value, at: &mut String| {
        at.push('/');
        at.push_str(&key.replace('~', "~0").replace('/', "~1"));
        walk(value, at, found);
        at.truncate(length);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| below(key, value, at)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| below(&index.to_string(), value, at));
        }
        _ => {}
    }
}

/// Takes a field out of its object. Says whether there was one.
pub fn remove(plan: &mut Value, pointer: &str) -> bool {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return false };
    let parent = plan.pointer_mut(parent).and_then(Value::as_object_mut);
    parent.is_some_and(|fields| fields.remove(&key.replace("~1", "/").replace("~0", "~")).is_some())
}
