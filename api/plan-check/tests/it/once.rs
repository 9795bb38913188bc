//! One mistake that breaks several relations is one finding; what only resembles a mistake is none.

use crate::plans::{everything, failures, mended, real};
use crate::planted::plant;
use concilia_plan_check::Rule::{self, *};
use serde_json::{Value, json};

fn at(rule: Rule, pointer: &str) -> Vec<(Rule, String)> {
    vec![(rule, pointer.to_owned())]
}

fn list<'p>(plan: &'p mut Value, pointer: &str) -> &'p mut Vec<Value> {
    plan.pointer_mut(pointer).unwrap().as_array_mut().unwrap()
}

#[test]
fn a_partner_of_the_wrong_kind() {
    let by_kind = "/network_composition/by_kind";
    plant(
        &[("/projects/0/partners/10/kind", json!("nonprofit")), ("/projects/0/partners/10/size", json!(null))],
        &[(InAlliancesByKind, by_kind)],
    );
    // Also where the total is wrong by one already.
    let mut plan = real();
    plan["projects"][1]["partners"][2]["kind"] = json!("trade_union");
    assert!(failures(&plan).contains(&(InAlliancesByKind, by_kind.to_owned())));
    // A consortium of municipalities may be either: that is worth a note.
    plant(&[("/projects/0/partners/4/kind", json!("public_body"))], &[(InAlliancesPublicKinds, by_kind)]);
    // A kind that is not told says nothing.
    plant(&[("/projects/0/partners/10/kind", json!(null))], &[]);
}

#[test]
fn a_partner_left_out_or_misspelt() {
    let mut plan = mended();
    list(&mut plan, "/projects/0/partners").remove(10);
    assert_eq!(everything(&plan), at(CofinancingLinePartner, "/projects/0/cofinancing/10"));
    let mut plan = mended();
    list(&mut plan, "/projects/2/partners").remove(12);
    assert_eq!(everything(&plan), at(InAlliancesDistinctPartners, "/network_composition/in_alliances"));
}

#[test]
fn a_row_printed_twice_or_left_out() {
    for row in 0..7 {
        let mut plan = mended();
        let rows = list(&mut plan, "/allocation/rows");
        rows.insert(row, rows[row].clone());
        let second = format!("/allocation/rows/{}/lead", row + 1);
        assert_eq!(everything(&plan), at(RowProject, &second));
        let mut plan = mended();
        list(&mut plan, "/allocation/rows").remove(row);
        let found = everything(&plan);
        assert!(matches!(found.as_slice(), [(ProjectRow, _)]), "{row}: {found:?}");
    }
}

#[test]
fn a_band_that_does_not_exist() {
    for row in 0..7 {
        let number = format!("/allocation/rows/{row}/band");
        plant(&[(&number, json!(30))], &[(RowBand, &number)]);
    }
}

#[test]
fn leads_exchanged_between_rows() {
    plant(
        &[
            ("/allocation/rows/0/lead", json!("Comune di Borgo Virgilio")),
            ("/allocation/rows/1/lead", json!("Camera di Commercio di Cremona")),
        ],
        &[(RowLead, "/allocation/rows/0/lead"), (RowLead, "/allocation/rows/1/lead")],
    );
}

#[test]
fn a_figure_out_of_every_bound() {
    plant(&[("/allocation/rows/0/requested", json!("200000"))], &[(RowRequested, "/allocation/rows/0/requested")]);
    plant(&[("/allocation/rows/0/assigned", json!("71400.00"))], &[(RowAssigned, "/allocation/rows/0/assigned")]);
    plant(
        &[("/projects/0/budget/A_coordination", json!("52080.00"))],
        &[(CoordinationWithinStaff, "/projects/0/budget/A_coordination")],
    );
}

#[test]
fn the_day_of_a_project_that_all_its_activities_contradict() {
    plant(&[("/projects/5/start", json!("2021-07-01"))], &[(ActivityWithinProject, "/projects/5/start")]);
    plant(&[("/projects/4/end", json!("2020-12-31"))], &[(ActivityWithinProject, "/projects/4/end")]);
    plant(
        &[("/projects/5/activities/0/to", json!("2019-08"))],
        &[(ActivityPeriodOrder, "/projects/5/activities/0/to")],
    );
    plant(&[("/projects/0/start", json!("2019-06-03"))], &[(ProjectStartsInPlan, "/projects/0/start")]);
    // The first year of the plan is the mistake, and its title says so.
    plant(&[("/plan/from", json!(2021))], &[(PlanTitleYears, "/plan/title")]);
}

#[test]
fn the_bands_that_the_note_says_were_cut() {
    let initial = "/allocation/initial_band_percentages/2";
    plant(&[(initial, json!("0.55"))], &[(NoteBandsCut, initial)]);
    plant(&[(initial, json!("0.55")), ("/allocation/note", json!("residuo di 38,40 all'ultima fascia"))], &[]);
    plant(
        &[("/allocation/note", json!("ridotte solo nelle fasce 1, 2 e 3"))],
        &[(NoteBandsCut, "/allocation/initial_band_percentages/2")],
    );
}

/// Grants in proportion to score and request; the percentages are what comes out, with four decimals.
fn in_proportion() -> Value {
    json!({"allocation": {
        "budget": "60000.00",
        "rows": [
            {"lead": "a", "cost": "60000", "requested": "40000", "score": 90, "percentage": "0.7606", "assigned": "30422.54"},
            {"lead": "b", "cost": "50000", "requested": "30000", "score": 70, "percentage": "0.5915", "assigned": "17746.47"},
            {"lead": "c", "cost": "50000", "requested": "20000", "score": 70, "percentage": "0.5915", "assigned": "11830.99"},
        ],
        "totals": {"cost": "160000", "requested": "90000", "score": 230, "assigned": "60000.00"},
    }})
}

#[test]
fn percentages_worked_out_from_the_grants_are_rounded() {
    let plan = in_proportion();
    assert_eq!(everything(&plan), []);
    let mut changed = plan.clone();
    changed["allocation"]["rows"][1]["percentage"] = json!("0.5951");
    assert_eq!(everything(&changed), at(RowAssigned, "/allocation/rows/1/assigned"));
    let mut changed = plan;
    changed["allocation"]["rows"][1]["assigned"] = json!("17746.48");
    assert_eq!(everything(&changed), at(AllocationTotals, "/allocation/totals/assigned"));
}

#[test]
fn a_residue_may_be_split_by_what_was_requested() {
    let plan = json!({"allocation": {
        "budget": "40090.00",
        "final_band_percentages": ["0.80", "0.40"],
        "rows": [
            {"requested": "40000", "score": 90, "band": 1, "percentage": "0.80", "assigned": "32060.00"},
            {"requested": "20000", "score": 50, "band": 2, "percentage": "0.40", "assigned": "8030.00"},
        ],
        "totals": {"requested": "60000", "score": 140, "assigned": "40090.00"},
    }});
    assert_eq!(everything(&plan), []);
    let mut changed = plan;
    changed["allocation"]["rows"][1]["assigned"] = json!("8040.00");
    assert_ne!(everything(&changed), []);
}

#[test]
fn a_project_that_another_took_in_has_no_row_and_adds_to_no_sum() {
    let mut plan = mended();
    let mut absorbed = plan["projects"][6].clone();
    absorbed["ref"] = json!("2.8");
    absorbed["merged_into"] = json!("2.7");
    absorbed["partners"][3] = json!({"name": "Ente uscito", "kind": "company", "role": "implementing"});
    absorbed["cofinancing"][3][0] = json!("Ente uscito");
    list(&mut plan, "/projects").push(absorbed);
    assert_eq!(everything(&plan), []);
    for wrong in ["2.8", "2.9"] {
        plan["projects"][7]["merged_into"] = json!(wrong);
        assert_eq!(everything(&plan), at(MergedIntoProject, "/projects/7/merged_into"));
    }
    plan["projects"][7]["merged_into"] = json!(null);
    let found = everything(&plan);
    assert!(found.contains(&(ProjectRow, "/projects/7/lead".to_owned())), "{found:?}");
}
