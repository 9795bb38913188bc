//! As in `planted`, within projects.

use crate::plans::{everything, mended};
use crate::planted::plant;
use concilia_plan_check::Rule::*;
use serde_json::json;

#[test]
fn in_the_budgets() {
    plant(&[("/projects/1/ref", json!("2.1"))], &[(ProjectRefRepeated, "/projects/1/ref")]);
    plant(&[("/projects/1/budget/A", json!("12000.01"))], &[(BudgetItemsSum, "/projects/1/budget/total")]);
    plant(&[("/projects/1/budget/total", json!("40000.01"))], &[(BudgetItemsSum, "/projects/1/budget/total")]);
    plant(
        &[("/projects/1/budget/requested", json!("23000.01"))],
        &[(BudgetFundingSum, "/projects/1/budget/requested")],
    );
    plant(
        &[("/projects/1/budget/cofinancing", json!("17000.01"))],
        &[(CofinancingLinesSum, "/projects/1/budget/cofinancing")],
    );
    plant(
        &[("/projects/1/cofinancing/1/2", json!("500.01"))],
        &[(CofinancingLinesSum, "/projects/1/budget/cofinancing")],
    );
    plant(
        &[("/projects/1/cofinancing/1/0", json!("RSA Altrove"))],
        &[(CofinancingLinePartner, "/projects/1/cofinancing/1")],
    );
    plant(&[("/projects/1/budget/A_coordination", json!("6000.00"))], &[]);
    plant(
        &[("/projects/1/budget/A_coordination", json!("6000.01"))],
        &[(CoordinationLimit, "/projects/1/budget/A_coordination")],
    );
    plant(
        &[
            ("/projects/1/budget/A_coordination", json!("6000.01")),
            ("/plan/limits", json!({"coordination_max": "0.16"})),
        ],
        &[],
    );
    plant(
        &[("/plan/limits", json!({"cofinancing_min": 0.31}))],
        &[
            (CofinancingMinimum, "/projects/2/budget/cofinancing"),
            (CofinancingMinimum, "/projects/4/budget/cofinancing"),
        ],
    );
    plant(
        &[("/projects/2/budget/A_coordination", json!("1500.01"))],
        &[(CoordinationWithinStaff, "/projects/2/budget/A_coordination")],
    );
    plant(
        &[("/projects/5/budget_by_action/0/1", json!("11000.01"))],
        &[(ActionsSum, "/projects/5/budget_by_action")],
    );
    plant(
        &[("/projects/1/activities/2/targets/vouchers/value", json!("301.00"))],
        &[(VouchersWithinItemD, "/projects/1/budget/D")],
    );
    plant(
        &[("/projects/1/activities/2/targets/bonuses/count", json!(19))],
        &[(VouchersFillItemD, "/projects/1/budget/D")],
    );
    // A cost item that is not understood is not missing from the sum.
    plant(
        &[("/projects/1/budget/A", json!("11000.00")), ("/projects/1/budget/F", json!("1000.00"))],
        &[(UnknownKey, "/projects/1/budget/F")],
    );
}

#[test]
fn in_the_alliances() {
    plant(&[("/projects/0/lead", json!("Comune di Mantova"))], &[(LeadIsPartner, "/projects/0/lead")]);
    plant(&[("/projects/0/partners/1/role", json!("lead"))], &[(LeadIsPartner, "/projects/0/partners")]);
    plant(&[("/projects/0/partners/0/role", json!("institutional"))], &[(LeadIsPartner, "/projects/0/partners")]);
    plant(
        &[
            ("/projects/5/partners/0/kind", json!("company")),
            ("/projects/6/partners/3/kind", json!("company")),
            ("/network_composition/by_kind/company", json!([45, 14])),
            ("/network_composition/by_kind/territorial_area_or_agency", json!([10, 6])),
        ],
        &[(LeadMayLead, "/projects/5/partners/0/kind")],
    );
    for kind in ["company", "trade_union", "employers_association", "education"] {
        let mut plan = mended();
        plan["projects"][5]["partners"][0]["kind"] = json!(kind);
        let found = everything(&plan);
        assert!(found.contains(&(LeadMayLead, "/projects/5/partners/0/kind".to_owned())), "{kind}: {found:?}");
    }
    for kind in ["public_body", "territorial_area_or_agency", "nonprofit", "consortium"] {
        let mut plan = mended();
        plan["projects"][5]["partners"][0]["kind"] = json!(kind);
        assert!(everything(&plan).iter().all(|(rule, _)| *rule != LeadMayLead), "{kind}");
    }
    let mut private = mended()["projects"][3]["partners"].clone();
    for partner in private.as_array_mut().unwrap() {
        if partner["kind"] != "nonprofit" {
            partner["kind"] = json!("company");
        }
    }
    plant(
        &[
            ("/projects/3/partners", private),
            ("/projects/6/partners/2/kind", json!("company")),
            ("/network_composition/by_kind/company", json!([45, 16])),
            ("/network_composition/by_kind/public_body", json!([23, 9])),
            ("/network_composition/by_kind/territorial_area_or_agency", json!([10, 6])),
        ],
        &[(LeadNeedsPublicPartner, "/projects/3/partners")],
    );
    let twice = mended()["projects"][1]["partners"][2].clone();
    plant(&[("/projects/1/partners/-", twice)], &[(PartnerRepeated, "/projects/1/partners/8/name")]);
    plant(
        &[("/projects/4/partners/4/kind", json!("public_body"))],
        &[(PartnerKindDiffers, "/projects/4/partners/4/kind")],
    );
    plant(
        &[
            ("/projects/2/partners/7/name", json!("Novellini S.p.A.")),
            ("/projects/2/partners/7/size", json!("small")),
            ("/network_composition/in_alliances", json!(69)),
            ("/network_composition/by_kind/company", json!([45, 12])),
        ],
        &[(PartnerSizeDiffers, "/projects/2/partners/7/size")],
    );
    plant(&[("/projects/1/partners/2/size", json!("small"))], &[(SizeOfCompanies, "/projects/1/partners/2/size")]);
    plant(
        &[("/projects/0/intervention_types/0", json!("g"))],
        &[(InterventionType, "/projects/0/intervention_types/0")],
    );
}

#[test]
fn in_the_calendars() {
    plant(
        &[("/projects/4/end", json!("2020-05-31")), ("/projects/4/activities", json!([]))],
        &[(ProjectDatesOrder, "/projects/4/end")],
    );
    plant(&[("/projects/5/end", json!("2024-06-30"))], &[(ProjectWithinPlan, "/projects/5/end")]);
    plant(
        &[
            ("/projects/5/start", json!("2024-06-30")),
            ("/projects/5/end", json!("2024-06-30")),
            ("/projects/5/activities", json!([])),
        ],
        &[(ProjectDuringPlan, "/projects/5/start")],
    );
    plant(&[("/projects/4/calendar_months", json!(15))], &[]);
    plant(&[("/projects/4/calendar_months", json!(12))], &[(CalendarMonths, "/projects/4/calendar_months")]);
    plant(&[("/projects/4/activities/2/n", json!(4))], &[(ActivityNumbers, "/projects/4/activities")]);
    plant(
        &[("/projects/1/activities/1/months", json!([6, 13]))],
        &[(ActivityMonths, "/projects/1/activities/1/months")],
    );
    plant(
        &[("/projects/1/activities/1/months", json!([6, 5]))],
        &[(ActivityMonths, "/projects/1/activities/1/months")],
    );
    plant(
        &[("/projects/3/activities/0/month_list/0", json!(0))],
        &[(ActivityMonths, "/projects/3/activities/0/month_list/0")],
    );
    plant(
        &[("/projects/5/activities/2/to", json!("2020-09"))],
        &[(ActivityPeriodOrder, "/projects/5/activities/2/to")],
    );
    plant(
        &[("/projects/4/activities/5/to", json!("2021-09"))],
        &[(ActivityWithinProject, "/projects/4/activities/5/to")],
    );
    plant(
        &[("/projects/4/activities/0/from", json!("2020-05"))],
        &[(ActivityWithinProject, "/projects/4/activities/0/from")],
    );
    plant(
        &[("/projects/0/activities/0/targets/workers", json!({"2019": 200, "2020": 200}))],
        &[(TargetYears, "/projects/0/activities/0/targets/workers/2019")],
    );
}
