//! Values that cannot be read: the form that is required is told in words, and the value takes part in nothing else.

use crate::plans::{everything, mended, places, report};
use concilia_kernel::language::Language;
use concilia_plan_check::{PlanCheckFinding, Rule};
use serde_json::{Value, json};

fn only_finding(pointer: &str, value: Value, language: Language) -> PlanCheckFinding {
    let mut plan = mended();
    *plan.pointer_mut(pointer).unwrap() = value;
    let answer = report(&plan).answer(language);
    let mut found: Vec<_> = answer.findings.into_iter().chain(answer.notes).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn an_amount_is_asked_for_by_its_form() {
    let (at, value) = ("/projects/0/budget/A", json!("13.378,00"));
    let italian = only_finding(at, value.clone(), Language::Italian);
    assert_eq!((italian.rule, italian.at.as_str(), italian.expected.as_str()), ("value_unreadable", at, ""));
    assert_eq!(
        italian.message,
        "trovato \"13.378,00\", forma richiesta: un importo senza separatori delle migliaia e con il punto prima dei \
         centesimi, scritto come \"36000.00\". Regola: ogni valore è del tipo e nella forma che il suo posto richiede."
    );
    let english = only_finding(at, value, Language::English);
    assert_eq!(
        english.message,
        "found \"13.378,00\", form required: an amount without thousands separators and with a point before the cents, \
         written like \"36000.00\". Rule: each value is of the type and form that its place asks for."
    );
}

#[test]
fn a_date_is_asked_for_by_its_form() {
    for (at, value, it, en) in [
        (
            "/plan/region_deadline",
            "2021-02-30",
            "una data che esiste, scritta AAAA-MM-GG",
            "a date that exists, written YYYY-MM-DD",
        ),
        (
            "/plan/region_deadline",
            "1/6/2020",
            "una data che esiste, scritta AAAA-MM-GG",
            "a date that exists, written YYYY-MM-DD",
        ),
        (
            "/projects/5/activities/0/to",
            "2020-13",
            "un mese che esiste, scritto AAAA-MM",
            "a month that exists, written YYYY-MM",
        ),
    ] {
        let italian = only_finding(at, json!(value), Language::Italian);
        assert_eq!(italian.expected, "");
        let sentence = format!("trovato \"{value}\", forma richiesta: {it}. Regola: ");
        assert!(italian.message.starts_with(&sentence), "{}", italian.message);
        let english = only_finding(at, json!(value), Language::English);
        let sentence = format!("found \"{value}\", form required: {en}. Rule: ");
        assert!(english.message.starts_with(&sentence), "{}", english.message);
    }
}

#[test]
fn no_value_of_a_wrong_type_is_answered_with_a_value() {
    let plan = mended();
    for pointer in places(&plan).iter().filter(|pointer| !pointer.is_empty()).step_by(7) {
        for wrong in [json!(true), json!([[]]), json!("?")] {
            let mut changed = plan.clone();
            *changed.pointer_mut(pointer).unwrap() = wrong;
            let report = report(&changed);
            let reading = |rule| matches!(rule, Rule::ValueUnreadable | Rule::DateUnreal);
            for finding in report.findings().all().iter().filter(|finding| reading(finding.rule)) {
                assert!(finding.expected.is_empty() && finding.detail.is_some(), "{pointer}: {finding:?}");
            }
        }
    }
}

/// Sums that differ by less than a cent print alike.
#[test]
fn an_amount_beyond_cents_is_one_finding() {
    let plan = mended();
    let mut tried = 0;
    for pointer in places(&plan) {
        let text = plan.pointer(&pointer).unwrap().as_str().unwrap_or_default();
        let is_share = pointer.contains("percentage") || pointer.ends_with("_share");
        if is_share || pointer.ends_with("/ref") || text.parse::<f64>().is_err() {
            continue;
        }
        let (whole, _) = text.split_once('.').unwrap_or((text, ""));
        let mut changed = plan.clone();
        *changed.pointer_mut(&pointer).unwrap() = json!(format!("{whole}.001"));
        assert_eq!(everything(&changed), [(Rule::AmountPrecision, pointer)]);
        tried += 1;
    }
    assert!(tried > 150, "{tried}");
}

/// A score may have decimals, and its sum is shown with all of them.
#[test]
fn a_score_beyond_cents_is_shown_as_it_is() {
    let mut plan = mended();
    plan["allocation"]["totals"]["score"] = json!("346.001");
    plan["allocation"]["rows"][0]["score"] = json!("60.002");
    let report = report(&plan);
    let [finding] = report.findings().all() else { panic!("{:?}", report.findings().all()) };
    assert_eq!((finding.expected.as_str(), finding.found.as_str()), ("346.002", "346.001"));
}
