//! The plan of 2020-2023 as it was published.

use crate::plans::{REAL, everything, mended, real, report};
use concilia_kernel::language::Language;
use concilia_plan_check::{Rule, check};
use std::collections::BTreeSet;

#[test]
fn the_real_plan_has_its_two_slips_and_no_other() {
    let report = check(REAL.as_bytes()).unwrap();
    let found: Vec<_> =
        report.findings().all().iter().map(|f| (f.rule, &*f.at, &*f.expected, &*f.found)).collect();
    assert_eq!(
        found,
        [
            (Rule::InAlliancesDistinctPartners, "/network_composition/in_alliances", "70", "71"),
            (Rule::RowCost, "/allocation/rows/6/cost", "57142.85", "57143"),
        ]
    );
    assert_eq!(report.findings().all()[1].related, ["/projects/4/budget/total"]);
    assert!(!report.is_clean() && !report.has_unreadable_parts());
}

#[test]
fn the_real_plan_without_its_slips_is_clean() {
    assert_eq!(everything(&mended()), []);
    assert!(report(&mended()).is_clean());
}

#[test]
fn the_findings_are_told_in_both_languages() {
    let report = report(&real());
    let italian = report.answer(Language::Italian);
    assert_eq!(
        italian.findings[1].message,
        "2.5 Comune di Cremona: atteso 57142.85, trovato 57143. Regola: il costo nella ripartizione è il totale del \
         piano dei conti del progetto."
    );
    assert!(italian.text(Language::Italian).ends_with(" controlli\n"));
    let english = report.answer(Language::English);
    assert_eq!(
        english.findings[0].message,
        "expected 70, found 71, by kind, stated and listed: public_body 10 and 11, territorial_area_or_agency 9 and 7. \
         Rule: the members in alliances are as many as the different organisations in the partner lists."
    );
    let text = english.text(Language::English);
    assert!(
        text.starts_with("error in_alliances_distinct_partners /network_composition/in_alliances\n"),
        "{text}"
    );
    assert!(text.contains("\n2 errors, 0 warnings, 0 notes; "), "{text}");
}

#[test]
fn the_cofinancing_of_project_2_5_passes_by_the_stated_truncation() {
    let mut plan = mended();
    let project = &mut plan["projects"][4];
    assert_eq!(project["budget"]["cofinancing"], "17142.85");
    // One cent less on both sides of the funding, and it does not.
    project["budget"]["cofinancing"] = "17142.84".into();
    project["budget"]["requested"] = "40000.01".into();
    project["cofinancing"][1][2] = "4571.41".into();
    plan["allocation"]["rows"][6]["requested"] = "40000.01".into();
    plan["allocation"]["totals"]["requested"] = "238000.01".into();
    assert_eq!(everything(&plan), [(Rule::CofinancingMinimum, "/projects/4/budget/cofinancing".to_owned())]);
}

#[test]
fn nearly_every_rule_finds_something_to_apply_to() {
    let report = report(&real());
    let applied: BTreeSet<&str> = report.findings().applied().map(|(rule, _)| rule.code()).collect();
    let not_applied: Vec<&str> =
        Rule::ALL.iter().map(|r| r.code()).filter(|code| !applied.contains(code)).collect();
    // What only a document with a fault, or with fields that the real one lacks, brings up.
    assert_eq!(
        not_applied,
        [
            "value_unreadable",
            "unknown_key",
            "in_alliances_public_kinds",
            "band_percentages_kept",
            "residue_stated",
            "score_within_maximum",
            "row_lead",
            "merged_into_project",
            "calendar_months",
        ]
    );
}
