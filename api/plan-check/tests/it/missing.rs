//! Sections and fields may be missing: what needs them is skipped, and nothing else is complained of.

use crate::plans::{failures, mended, places, remove};
use concilia_plan_check::check;
use serde_json::{Value, json};

#[test]
fn an_empty_document_is_clean() {
    let report = check(b"{}").unwrap();
    assert!(report.is_clean());
    assert_eq!(report.findings().applied().count(), 0);
}

#[test]
fn each_section_alone_and_each_section_missing_is_clean() {
    let plan = mended();
    for (section, content) in plan.as_object().unwrap() {
        let mut alone = json!({});
        alone[section] = content.clone();
        assert_eq!(failures(&alone), [], "only {section}");
        let mut without = plan.clone();
        remove(&mut without, &format!("/{section}"));
        assert_eq!(failures(&without), [], "without {section}");
    }
}

/// Keys that are data: without one of them a sum is another.
fn is_data(pointer: &str) -> bool {
    pointer.starts_with("/network_composition/by_kind/")
}

#[test]
fn a_document_without_any_one_of_its_fields_is_clean() {
    let plan = mended();
    let mut removed = 0;
    for pointer in places(&plan).iter().filter(|pointer| !is_data(pointer)) {
        let mut without = plan.clone();
        if remove(&mut without, pointer) {
            assert_eq!(failures(&without), [], "without {pointer}");
            removed += 1;
        }
    }
    assert!(removed > 400, "{removed}");
}

#[test]
fn null_is_as_good_as_missing() {
    let plan = mended();
    for pointer in places(&plan).iter().filter(|pointer| !is_data(pointer)).step_by(5) {
        let mut null = plan.clone();
        let (parent, _) = pointer.rsplit_once('/').unwrap_or_default();
        if !pointer.is_empty() && null.pointer(parent).is_some_and(Value::is_object) {
            *null.pointer_mut(pointer).unwrap() = Value::Null;
            assert_eq!(failures(&null), [], "{pointer} null");
        }
    }
}

#[test]
fn a_document_without_any_two_neighbouring_fields_is_clean() {
    let plan = mended();
    let places: Vec<String> = places(&plan).into_iter().filter(|pointer| !is_data(pointer)).collect();
    for pair in places.windows(2).step_by(7) {
        let mut without = plan.clone();
        remove(&mut without, &pair[1]);
        remove(&mut without, &pair[0]);
        assert_eq!(failures(&without), [], "without {pair:?}");
    }
}
