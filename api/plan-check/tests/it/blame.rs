//! Where two statements agree against a third, the third is the one at fault, and is reported once, at its place.

use crate::plans::{everything, mended, real, report};
use crate::planted::plant;
use concilia_plan_check::Rule::*;
use serde_json::{Value, json};

/// Expected and found of the one finding there is.
#[track_caller]
fn sides(pointer: &str, value: Value) -> (String, String) {
    let mut plan = mended();
    *plan.pointer_mut(pointer).unwrap() = value;
    let report = report(&plan);
    let [finding] = report.findings().all() else { panic!("{:?}", report.findings().all()) };
    assert_eq!(finding.at, pointer);
    (finding.expected.clone(), finding.found.clone())
}

#[test]
fn the_total_of_the_resources_where_the_budget_that_was_allocated_is_the_local_part() {
    let total = "/plan/resources/total";
    plant(&[(total, json!("214648.01"))], &[(ResourcesTotal, total)]);
    plant(&[(total, json!("214647.99"))], &[(ResourcesTotal, total)]);
    assert_eq!(sides(total, json!("214648.01")), ("214648.00".into(), "214648.01".into()));
    // The allocation says that it is the local part; and without an allocation the share does.
    let local = "/plan/resources/local_alliances";
    plant(&[(local, json!("171718.41"))], &[(ResourcesTotal, local)]);
    plant(&[(local, json!("171718.41")), ("/allocation", json!(null))], &[(ResourcesTotal, local)]);
}

#[test]
fn the_share_of_the_system_actions_where_the_amounts_add_up() {
    let share = "/plan/resources/system_actions_share";
    assert_eq!(sides(share, json!("0.21")), ("0.2".into(), "0.21".into()));
}

#[test]
fn the_band_of_a_row_where_percentage_and_grant_are_another_bands() {
    for (row, stated) in [(0, 1), (1, 1), (2, 1), (3, 2), (4, 2), (5, 2), (6, 3)] {
        let band = format!("/allocation/rows/{row}/band");
        for other in (1..=3).filter(|other| *other != stated) {
            plant(&[(&band, json!(other))], &[(RowPercentage, &band)]);
            assert_eq!(sides(&band, json!(other)), (stated.to_string(), other.to_string()));
        }
    }
}

#[test]
fn the_percentage_of_a_row_where_band_and_grant_agree() {
    for (row, other) in [(0, "0.66"), (3, "0.87"), (6, "0.66")] {
        let percentage = format!("/allocation/rows/{row}/percentage");
        plant(&[(&percentage, json!(other))], &[(RowPercentage, &percentage)]);
    }
}

#[test]
fn the_percentage_of_a_band_in_the_list_where_its_only_row_and_the_grant_agree() {
    let of_band = "/allocation/final_band_percentages/2";
    plant(&[(of_band, json!("0.51"))], &[(BandPercentagesCut, of_band), (RowPercentage, of_band)]);
}

#[test]
fn the_percentages_of_two_bands_exchanged_in_their_list() {
    let percentages = "/allocation/final_band_percentages";
    let (first, second) = (format!("{percentages}/0"), format!("{percentages}/1"));
    plant(
        &[(&first, json!("0.66")), (&second, json!("0.87"))],
        &[
            (BandPercentagesOrder, &second),
            (BandPercentagesCut, &second),
            (RowPercentage, &first),
            (RowPercentage, &second),
        ],
    );
}

#[test]
fn a_score_where_the_total_and_the_order_of_the_rows_agree() {
    let score = "/allocation/rows/5/score";
    plant(&[(score, json!(58))], &[(AllocationTotals, score)]);
    plant(&[(score, json!(49))], &[(AllocationTotals, score)]);
    assert_eq!(sides(score, json!(58)), ("44".into(), "58".into()));
    // Also where it exceeds what the criteria give together.
    plant(
        &[(score, json!(580)), ("/criteria", json!([{"code": "all", "maximum": 60}]))],
        &[(AllocationTotals, score)],
    );
    plant(&[("/allocation/rows/0/score", json!(58))], &[(AllocationTotals, "/allocation/rows/0/score")]);
    plant(&[("/allocation/rows/6/score", json!(47))], &[(AllocationTotals, "/allocation/rows/6/score")]);
    // In order as well, and so only the total speaks against it: which of the two is wrong cannot be told.
    plant(&[(score, json!(46))], &[(AllocationTotals, "/allocation/totals/score")]);
}

#[test]
fn a_date_on_the_wrong_side_of_two_others_that_are_in_order() {
    let (address, deadline) = ("/plan/address_document/date", "/plan/region_deadline");
    plant(&[(address, json!("2020-06-02"))], &[(ExtensionAfterAddressDocument, address)]);
    assert_eq!(sides(address, json!("2020-06-02")), ("<= 2020-04-27".into(), "2020-06-02".into()));
    plant(&[(deadline, json!("2020-02-01"))], &[(ExtensionBeforeDeadline, deadline)]);
    assert_eq!(sides(deadline, json!("2020-02-01")), (">= 2020-04-27".into(), "2020-02-01".into()));
    // Without the extension either may be wrong.
    plant(
        &[(address, json!("2020-06-02")), ("/plan/extension_act", json!(null))],
        &[(AddressDocumentBeforeDeadline, deadline)],
    );
    // And where all three are in the wrong order each relation is.
    plant(
        &[
            (address, json!("2020-06-01")),
            ("/plan/extension_act/date", json!("2020-04-27")),
            (deadline, json!("2020-02-28")),
        ],
        &[
            (AddressDocumentBeforeDeadline, deadline),
            (ExtensionAfterAddressDocument, "/plan/extension_act/date"),
            (ExtensionBeforeDeadline, deadline),
        ],
    );
}

#[test]
fn the_plan_with_its_two_slips_has_one_finding_more_for_each_figure_that_is_damaged() {
    for (pointer, value) in [
        ("/plan/resources/total", json!("214648.01")),
        ("/plan/address_document/date", json!("2020-06-02")),
        ("/allocation/rows/2/band", json!(2)),
        ("/allocation/rows/5/score", json!(58)),
        ("/projects/0/budget/A", json!("13378.001")),
        ("/projects/0/budget/A", json!("13.378,00")),
        ("/plan/region_deadline", json!("2021-02-30")),
    ] {
        let mut plan = real();
        *plan.pointer_mut(pointer).unwrap() = value;
        let mut found: Vec<String> = everything(&plan).into_iter().map(|(_, at)| at).collect();
        found.retain(|at| at != "/network_composition/in_alliances" && at != "/allocation/rows/6/cost");
        assert_eq!(found, [pointer]);
    }
}
