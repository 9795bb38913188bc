//! One thing wrong at a time: it is found, by its rule and at its place, and nothing else is.

use crate::plans::{everything, mended};
use concilia_plan_check::Rule::{self, *};
use serde_json::{Value, json};

/// Sets the values at some pointers, then expects these findings and no others.
#[track_caller]
pub(crate) fn plant(changes: &[(&str, Value)], expected: &[(Rule, &str)]) {
    let mut plan = mended();
    for (pointer, value) in changes {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match plan.pointer_mut(parent).unwrap() {
            Value::Array(items) if key == "-" => items.push(value.clone()),
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = value.clone(),
            parent => parent[key] = value.clone(),
        }
    }
    let found = everything(&plan);
    let expected: Vec<_> = expected.iter().map(|(rule, at)| (*rule, (*at).to_owned())).collect();
    assert_eq!(found, expected);
}

#[test]
fn in_the_values_themselves() {
    plant(&[("/allocation/rows/0/cost", json!("NaN"))], &[(ValueUnreadable, "/allocation/rows/0/cost")]);
    plant(&[("/projects/0/budget/A", json!(true))], &[(ValueUnreadable, "/projects/0/budget/A")]);
    plant(&[("/plan/region_deadline", json!("1/6/2020"))], &[(ValueUnreadable, "/plan/region_deadline")]);
    plant(&[("/plan/region_deadline", json!("2020-06-31"))], &[(DateUnreal, "/plan/region_deadline")]);
    plant(&[("/projects/5/activities/0/to", json!("2020-13"))], &[(DateUnreal, "/projects/5/activities/0/to")]);
    plant(&[("/plan/responsible", json!("x"))], &[(UnknownKey, "/plan/responsible")]);
    plant(&[("/projects/0/partners/2/role", json!("sponsor"))], &[(UnknownValue, "/projects/0/partners/2/role")]);
    plant(
        &[("/projects/1/budget/B", json!("-100.00")), ("/projects/1/budget/C", json!("7100.00"))],
        &[(AmountNegative, "/projects/1/budget/B")],
    );
    plant(
        &[("/projects/1/budget/B", json!("0.005")), ("/projects/1/budget/C", json!("6999.995"))],
        &[(AmountPrecision, "/projects/1/budget/B"), (AmountPrecision, "/projects/1/budget/C")],
    );
    // A share out of range is not applied to amounts.
    plant(&[("/allocation/rows/0/percentage", json!("87"))], &[(ShareRange, "/allocation/rows/0/percentage")]);
    plant(
        &[("/allocation/initial_band_percentages/0", json!("90"))],
        &[(ShareRange, "/allocation/initial_band_percentages/0")],
    );
    plant(
        &[("/projects/0/activities/0/targets/workers/2020", json!(-1))],
        &[
            (CountNegative, "/projects/0/activities/0/targets/workers/2020"),
            (ExpectedCitizens, "/plan/expected/citizens"),
        ],
    );
    plant(&[("/criteria/-", json!("innovation"))], &[(RepeatedEntry, "/criteria/7")]);
    plant(&[("/committee/-", json!("CISL"))], &[(RepeatedEntry, "/committee/15")]);
    plant(
        &[("/projects/0/intervention_types/-", json!("b"))],
        &[(RepeatedEntry, "/projects/0/intervention_types/3")],
    );
}

#[test]
fn in_the_plan() {
    plant(&[("/plan/from", json!(2024)), ("/plan/title", json!("Piano"))], &[(PlanYearsOrder, "/plan/from")]);
    plant(
        &[("/plan/from", json!(2024)), ("/plan/to", json!(2026)), ("/plan/title", json!("Piano"))],
        &[
            (ProjectDuringPlan, "/projects/0/start"),
            (ProjectDuringPlan, "/projects/4/start"),
            (ProjectDuringPlan, "/projects/5/start"),
        ],
    );
    plant(&[("/plan/title", json!("Piano 2020-2022"))], &[(PlanTitleYears, "/plan/title")]);
    let share = "/plan/resources/system_actions_share";
    plant(&[("/plan/resources/total", json!("214647.00"))], &[(ResourcesTotal, "/plan/resources/total")]);
    plant(
        &[("/plan/resources/local_alliances", json!("171718.41"))],
        &[(ResourcesTotal, "/plan/resources/local_alliances")],
    );
    plant(
        &[("/plan/resources/system_actions", json!("42930.00"))],
        &[(SystemActionsShare, "/plan/resources/system_actions")],
    );
    plant(&[(share, json!("0.21"))], &[(SystemActionsShare, share)]);
    plant(
        &[
            (share, json!("0.10")),
            ("/plan/resources/system_actions", json!("21464.80")),
            ("/plan/resources/total", json!("193183.20")),
            (share, json!("0.1111111")),
        ],
        &[(SystemActionsFifth, share)],
    );
    plant(
        &[("/plan/address_document/date", json!("2020-06-02")), ("/plan/extension_act/date", json!("2020-06-02"))],
        &[(ExtensionBeforeDeadline, "/plan/region_deadline")],
    );
    plant(
        &[("/plan/extension_act/date", json!("2020-02-27"))],
        &[(ExtensionAfterAddressDocument, "/plan/extension_act/date")],
    );
    plant(&[("/plan/expected/companies", json!(34))], &[(ExpectedCompanies, "/plan/expected/companies")]);
    plant(&[("/plan/expected/citizens", json!(3036))], &[(ExpectedCitizens, "/plan/expected/citizens")]);
    plant(
        &[("/plan/expected/direct_budget_min", json!("438450.46"))],
        &[(ExpectedDirectBudget, "/plan/expected/direct_budget_min")],
    );
}

#[test]
fn in_the_network() {
    plant(
        &[("/network_composition/members", json!(160))],
        &[(CompositionMembersSum, "/network_composition/members")],
    );
    plant(
        &[("/network_composition/in_alliances", json!(71))],
        &[(CompositionInAlliancesSum, "/network_composition/in_alliances")],
    );
    plant(
        &[
            ("/network_composition/in_alliances", json!(71)),
            ("/network_composition/by_kind/education", json!([1, 1])),
        ],
        &[(InAlliancesDistinctPartners, "/network_composition/in_alliances")],
    );
    plant(
        &[
            ("/network_composition/by_kind/education", json!([1, 1])),
            ("/network_composition/by_kind/nonprofit", json!([56, 30])),
        ],
        &[(InAlliancesByKind, "/network_composition/by_kind")],
    );
    plant(
        &[
            ("/network_composition/by_kind/nonprofit", json!([30, 31])),
            ("/network_composition/by_kind/company", json!([71, 13])),
        ],
        &[
            (InAlliancesWithinMembers, "/network_composition/by_kind/nonprofit/1"),
            (PartnersWithinMembers, "/network_composition/by_kind/nonprofit/0"),
        ],
    );
    // Letter case and spacing make no other organisation; punctuation does, and is noted.
    plant(&[("/projects/6/partners/0/name", json!("CAMERA di Commercio  di Cremona"))], &[]);
    plant(
        &[
            ("/projects/5/partners/5/name", json!("Il Cerchio, Cooperativa Sociale")),
            ("/projects/5/cofinancing/5/0", json!("Il Cerchio, Cooperativa Sociale")),
            ("/network_composition/in_alliances", json!(71)),
            ("/network_composition/by_kind/nonprofit", json!([56, 32])),
        ],
        &[(PartnerNamesAlike, "/projects/5/partners/5/name")],
    );
}

#[test]
fn in_the_committee() {
    let mut seven = mended()["evaluation_meeting_attendance"].as_array().unwrap()[..7].to_vec();
    let at = "/evaluation_meeting_attendance";
    plant(&[(at, json!(seven))], &[(EvaluationQuorum, at)]);
    seven.push(json!("Provincia di Cremona"));
    plant(&[(at, json!(seven))], &[]);
    // One who is counted twice makes no quorum.
    seven[7] = seven[0].clone();
    plant(&[(at, json!(seven))], &[(EvaluationQuorum, at), (RepeatedEntry, "/evaluation_meeting_attendance/7")]);
    plant(
        &[("/evaluation_meeting_attendance/0", json!("Ospite"))],
        &[(AttendeeInCommittee, "/evaluation_meeting_attendance/0")],
    );
    plant(
        &[("/evaluation_meeting_attendance/0", json!("Provincia di Mantova"))],
        &[(AttendeeIsPartner, "/evaluation_meeting_attendance/0")],
    );
    plant(
        &[("/committee", json!(["ATS della Val Padana", "CGIL"]))],
        &[
            (AttendanceWithinCommittee, at),
            (AttendeeInCommittee, "/evaluation_meeting_attendance/1"),
            (AttendeeInCommittee, "/evaluation_meeting_attendance/2"),
            (AttendeeInCommittee, "/evaluation_meeting_attendance/3"),
            (AttendeeInCommittee, "/evaluation_meeting_attendance/5"),
            (AttendeeInCommittee, "/evaluation_meeting_attendance/6"),
            (AttendeeInCommittee, "/evaluation_meeting_attendance/7"),
            (AttendeeInCommittee, "/evaluation_meeting_attendance/8"),
        ],
    );
    plant(
        &[("/integration_requested_from/1", json!("Comune di Crema"))],
        &[(IntegrationFromLeads, "/integration_requested_from/1")],
    );
}

#[test]
fn in_the_percentages() {
    plant(&[("/allocation/budget", json!("171718.39"))], &[(AllocationBudget, "/allocation/budget")]);
    plant(
        &[("/allocation/initial_band_percentages/-", json!("0.40"))],
        &[(BandCounts, "/allocation/final_band_percentages")],
    );
    plant(
        &[("/allocation/initial_band_percentages/1", json!("0.91"))],
        &[(BandPercentagesOrder, "/allocation/initial_band_percentages/1")],
    );
    plant(
        &[("/allocation/initial_band_percentages/0", json!("0.86"))],
        &[(BandPercentagesCut, "/allocation/final_band_percentages/0")],
    );
    plant(
        &[("/allocation/final_band_percentages/0", json!("0.88"))],
        &[(RowPercentage, "/allocation/final_band_percentages/0")],
    );
    plant(
        &[("/allocation/rows/0/percentage", json!("0.88"))],
        &[(RowPercentage, "/allocation/rows/0/percentage")],
    );
    plant(
        &[("/allocation/rows/6/percentage", json!("0.51"))],
        &[(RowPercentage, "/allocation/rows/6/percentage")],
    );
    plant(&[("/allocation/rows/6/band", json!(4))], &[(RowBand, "/allocation/rows/6/band")]);
    plant(&[("/allocation/rows/3/band", json!(1))], &[(RowPercentage, "/allocation/rows/3/band")]);
    // 88% for the first band: the rows agree with it, the money does not.
    plant(
        &[
            ("/allocation/final_band_percentages/0", json!("0.88")),
            ("/allocation/rows/0/percentage", json!("0.88")),
            ("/allocation/rows/1/percentage", json!("0.88")),
            ("/allocation/rows/2/percentage", json!("0.88")),
            ("/allocation/rows/0/assigned", json!("17600.00")),
            ("/allocation/rows/1/assigned", json!("35200.00")),
            ("/allocation/rows/2/assigned", json!("35200.00")),
            ("/allocation/rows/6/assigned", json!("20000.00")),
            ("/allocation/totals/assigned", json!("172680.00")),
        ],
        &[(PercentagesFit, "/allocation/final_band_percentages"), (AssignedBudget, "/allocation/totals/assigned")],
    );
}

#[test]
fn in_the_rows() {
    plant(&[("/allocation/rows/0/assigned", json!("17400.01"))], &[(RowAssigned, "/allocation/rows/0/assigned")]);
    plant(&[("/allocation/rows/6/assigned", json!("20038.41"))], &[(RowAssigned, "/allocation/rows/6/assigned")]);
    // The residue in the first band, where the note says the last.
    plant(
        &[("/allocation/rows/0/assigned", json!("17438.40")), ("/allocation/rows/6/assigned", json!("20000.00"))],
        &[(RowAssigned, "/allocation/rows/0/assigned"), (RowAssigned, "/allocation/rows/6/assigned")],
    );
    plant(&[("/allocation/residue", json!("38.41"))], &[(ResidueStated, "/allocation/residue")]);
    plant(&[("/allocation/residue", json!("38.40"))], &[]);
    plant(
        &[("/allocation/note", json!("il residuo di 38,50 va all'ultima fascia"))],
        &[(NoteResidue, "/allocation/note")],
    );
    plant(&[("/allocation/note", json!("il residuo di 38,40 va all'ultima fascia"))], &[]);
    plant(
        &[("/allocation/rows/3/score", json!(61)), ("/allocation/totals/score", json!(357))],
        &[(RowsRanked, "/allocation/rows/3/score"), (BandsByScore, "/allocation/rows/3/band")],
    );
    plant(
        &[("/allocation/rows/3/score", json!(57)), ("/allocation/totals/score", json!(353))],
        &[(BandsByScore, "/allocation/rows/3/band")],
    );
    plant(
        &[
            ("/allocation/rows/0/score", json!(59)),
            ("/allocation/totals/score", json!(345)),
            ("/criteria", json!([{"code": "one", "maximum": 30}, {"code": "two", "maximum": "28.5"}])),
        ],
        &[(ScoreWithinMaximum, "/allocation/rows/0/score"), (ScoreWithinMaximum, "/allocation/rows/1/score")],
    );
    for (column, other) in [
        ("cost", json!("395520.00")),
        ("requested", json!("238000.01")),
        ("score", json!(345)),
        ("assigned", json!("171718.00")),
    ] {
        let at = format!("/allocation/totals/{column}");
        plant(&[(&at, other)], &[(AllocationTotals, &at)]);
    }
    plant(&[("/allocation/rows/0/cost", json!("36000.5"))], &[(RowCost, "/allocation/rows/0/cost")]);
    plant(&[("/allocation/rows/0/requested", json!("21000"))], &[(RowRequested, "/allocation/rows/0/requested")]);
    plant(&[("/allocation/rows/0/lead", json!("CCIAA di Cremona"))], &[(RowLead, "/allocation/rows/0/lead")]);
    plant(
        &[
            ("/allocation/rows/6/lead", json!("Comune di Soresina")),
            ("/allocation/rows/6/requested", json!("40001")),
            ("/allocation/totals/requested", json!("238001")),
            ("/allocation/note", json!(null)),
            ("/allocation/rows/6/assigned", json!("20038.40")),
        ],
        &[(RowProject, "/allocation/rows/6/lead"), (ProjectRow, "/projects/4/lead")],
    );
    plant(
        &[
            ("/projects/6/budget/requested", json!("36001.00")),
            ("/allocation/rows/0/requested", json!("36001.00")),
            ("/projects/6/budget/cofinancing", json!("16000.00")),
        ],
        &[
            (BudgetFundingSum, "/projects/6/budget/requested"),
            (PercentagesFit, "/allocation/final_band_percentages"),
            (RowAssigned, "/allocation/rows/0/assigned"),
            (RowAssigned, "/allocation/rows/6/assigned"),
            (RequestedWithinCost, "/allocation/rows/0/requested"),
            (AllocationTotals, "/allocation/totals/requested"),
        ],
    );
}
