//! Files that are no plan, or hardly one.

use crate::plans::{REAL, everything, mended, places};
use concilia_kernel::language::Language;
use concilia_plan_check::{Rule, Unreadable, check};
use proptest::prelude::*;
use serde_json::{Value, json};

fn unreadable(bytes: &[u8]) -> Unreadable {
    check(bytes).unwrap_err()
}

#[test]
fn what_is_no_json_object_is_refused_with_its_place() {
    let broken = REAL.replacen("\"plan\":", "\"plan\"", 1);
    let Unreadable::NotJson { line, column, .. } = unreadable(broken.as_bytes()) else { panic!("read") };
    assert!(line > 5 && column > 0);
    assert!(matches!(unreadable(b""), Unreadable::NotJson { line: 1, .. }));
    assert!(matches!(unreadable(b"{} {}"), Unreadable::NotJson { .. }));
    assert!(matches!(unreadable(b"{\"plan\": NaN}"), Unreadable::NotJson { .. }));
    assert!(matches!(unreadable(b"{\"plan\": 1e999}"), Unreadable::NotJson { .. }));
    for other in ["[]", "null", "\"plan\"", "12"] {
        assert_eq!(unreadable(other.as_bytes()), Unreadable::NotAnObject);
    }
    assert_eq!(unreadable(b"{\"source\": \"\xe8\"}"), Unreadable::NotUtf8 { offset: 12 });
    let deep = format!("{{\"plan\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(unreadable(deep.as_bytes()), Unreadable::NotJson { .. }));
    let wide: Vec<String> = (0..101).map(|key| format!("\"{key}\": 0")).collect();
    assert_eq!(unreadable(format!("{{{}}}", wide.join(",")).as_bytes()), Unreadable::TooManyKeys);
}

#[test]
fn a_byte_order_mark_is_no_fault() {
    assert!(check(format!("\u{feff}{}", mended()).as_bytes()).unwrap().is_clean());
}

#[test]
fn a_key_that_stands_twice_is_named() {
    let text =
        mended().to_string().replacen("\"total\":\"214648.00\"", "\"total\":\"214648.00\",\"total\":\"1.00\"", 1);
    let report = check(text.as_bytes()).unwrap();
    let found: Vec<_> = report.findings().all().iter().map(|f| (f.rule, f.at.as_str())).collect();
    assert_eq!(found, [(Rule::RepeatedKey, "/plan/resources/total")]);
}

#[test]
fn keys_with_slashes_and_tildes_are_pointed_at() {
    let mut plan = mended();
    plan["network_composition"]["by_kind"]["a/b~c"] = json!(["1", 0]);
    assert_eq!(everything(&plan), [(Rule::ValueUnreadable, "/network_composition/by_kind/a~1b~0c/0".to_owned())]);
}

#[test]
fn every_value_of_a_wrong_type_is_named_and_the_rest_is_still_checked() {
    let mut plan = mended();
    plan["plan"]["resources"] = json!([]);
    plan["committee"] = json!({"a": 1});
    plan["projects"][1]["budget"]["total"] = json!({});
    plan["projects"][2]["cofinancing"][0] = json!(["PromoImpresa - Borsa Merci", "13500.00"]);
    plan["allocation"]["rows"][0]["assigned"] = json!("17400.01");
    let report = check(plan.to_string().as_bytes()).unwrap();
    assert!(report.has_unreadable_parts());
    let found: Vec<_> = report.findings().all().iter().map(|f| (f.rule, f.at.as_str())).collect();
    assert_eq!(
        found,
        [
            (Rule::ValueUnreadable, "/plan/resources"),
            (Rule::ValueUnreadable, "/committee"),
            (Rule::ValueUnreadable, "/projects/1/budget/total"),
            (Rule::ValueUnreadable, "/projects/2/cofinancing/0"),
            (Rule::RowAssigned, "/allocation/rows/0/assigned"),
        ]
    );
}

#[test]
fn what_is_shown_is_short_and_safe_for_a_terminal() {
    let mut plan = mended();
    plan["allocation"]["rows"][0]["lead"] = json!(format!("\u{1b}[31m{}", "é".repeat(5000)));
    plan["allocation"]["rows"][0]["requested"] = json!("1");
    let report = check(plan.to_string().as_bytes()).unwrap();
    let text = report.answer(Language::Italian).text(Language::Italian);
    assert!(!text.contains('\u{1b}') && text.lines().all(|line| line.chars().count() < 1500), "{text}");
}

#[test]
fn no_value_anywhere_makes_it_fail() {
    let plan = mended();
    let odd = [
        Value::Null,
        json!(-1),
        json!(1e15),
        json!(u64::MAX),
        json!(1e308),
        json!("-999999999999999.999999999"),
        json!("999999999999999.999999999"),
        json!([]),
        json!({}),
        json!(["", "0", "0"]),
        json!("\u{0}"),
        json!("9999-99-99"),
    ];
    for (at, pointer) in places(&plan).iter().step_by(3).enumerate() {
        let mut changed = plan.clone();
        *changed.pointer_mut(pointer).unwrap() = odd[at % odd.len()].clone();
        if changed.is_object() {
            check(changed.to_string().as_bytes()).unwrap().answer(Language::English).text(Language::English);
        }
    }
}

#[test]
fn a_plan_as_large_as_the_service_takes_is_checked_in_moments() {
    let mut plan = mended();
    for list in ["projects", "committee", "evaluation_meeting_attendance"] {
        let items = plan[list].as_array().unwrap().clone();
        plan[list] = items.iter().cycle().take(items.len() * 30).cloned().collect();
    }
    let rows = plan["allocation"]["rows"].as_array().unwrap().clone();
    plan["allocation"]["rows"] = rows.iter().cycle().take(3000).cloned().collect();
    let started = std::time::Instant::now();
    let report = check(plan.to_string().as_bytes()).unwrap();
    assert!(report.answer(Language::English).findings.len() <= 1000);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_makes_it_fail(at in 0..REAL.len(), length in 0..40usize, put in "\\PC{0,20}") {
        let (from, to) = (REAL.floor_char_boundary(at), REAL.floor_char_boundary((at + length).min(REAL.len())));
        let text = format!("{}{put}{}", &REAL[..from], &REAL[to..]);
        if let Ok(report) = check(text.as_bytes()) {
            report.answer(Language::Italian).text(Language::Italian);
        }
    }
}
