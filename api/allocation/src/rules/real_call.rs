//! The call of 2020 of ATS della Val Padana, as published: the plan 2020-2023's table of awards.

use super::allocate::allocate;
use super::plan::AllocationOutcome::{self, BelowLowestBand, BelowMinimumScore, Funded};
use super::plan::Plan;
use super::proposal::Proposal;
use super::terms::AllocationTerms;
use concilia_kernel::Money;
use serde_json::{Value, json};
use uuid::Uuid;

/// Requested grant and score of each project, and what it was assigned.
pub const ROWS: [(&str, &str, &str); 7] = [
    ("20000.00", "60.00", "17400.00"),
    ("40000.00", "59.00", "34800.00"),
    ("40000.00", "57.00", "34800.00"),
    ("35000.00", "50.00", "23100.00"),
    ("40000.00", "47.00", "26400.00"),
    ("23000.00", "44.00", "15180.00"),
    ("40000.00", "29.00", "20038.40"),
];

pub fn budget() -> Money {
    "171718.40".parse().unwrap()
}

pub fn proposals() -> Vec<Proposal> {
    let proposal = |(n, (requested, score, _)): (u128, &(&str, &str, &str))| Proposal {
        project_id: Uuid::from_u128(n),
        reference: format!("2.{n}"),
        submitted_at: "2020-05-29T10:00:00Z".parse().unwrap(),
        score: score.parse().unwrap(),
        requested: requested.parse().unwrap(),
        admissible: requested.parse().unwrap(),
        admissible_reason: None,
    };
    (1..).zip(&ROWS).map(proposal).collect()
}

pub fn terms(percentages: [&str; 3], residue: &str) -> AllocationTerms {
    let band =
        |minimum_score: &str, percentage: &str| json!({"minimum_score": minimum_score, "percentage": percentage});
    let bands = [band("55.00", percentages[0]), band("40.00", percentages[1]), band("0.00", percentages[2])];
    read(json!({"method": "bands", "bands": bands, "residue": residue}))
}

pub fn read(terms: Value) -> AllocationTerms {
    serde_json::from_value(terms).unwrap()
}

fn assigned(plan: &Plan) -> Vec<String> {
    plan.rows.iter().map(|row| row.assigned.to_string()).collect()
}

#[test]
fn the_published_table_comes_out_to_the_cent() {
    let plan = allocate(budget(), None, &terms(["0.87", "0.66", "0.50"], "last_band"), &proposals());
    let published: Vec<&str> = ROWS.iter().map(|(_, _, assigned)| *assigned).collect();
    assert_eq!(assigned(&plan), published);
    assert_eq!(plan.assigned, budget());
    assert_eq!((plan.residue, plan.over_by), (Money::ZERO, Money::ZERO));
    assert_eq!(plan.requested.to_string(), "238000.00");
    let bands: Vec<_> = plan.rows.iter().map(|row| row.band.unwrap()).collect();
    assert_eq!(bands, [1, 1, 1, 2, 2, 2, 3]);
    let last = &plan.rows[6];
    let portion = last.residue_portion.as_ref().unwrap();
    assert_eq!((portion.pool.to_string(), last.residue_share().to_string()), ("38.40".into(), "38.40".into()));
    let sums: Vec<String> = plan.bands.iter().map(|band| band.base_amount.to_string()).collect();
    assert_eq!(sums, ["87000.00", "64680.00", "20000.00"]);
}

#[test]
fn the_first_percentages_were_above_the_budget() {
    let plan = allocate(budget(), None, &terms(["0.90", "0.70", "0.50"], "last_band"), &proposals());
    assert!(!plan.fits());
    assert_eq!((plan.base_amount.to_string(), plan.over_by.to_string()), ("178600.00".into(), "6881.60".into()));
    assert_eq!(plan.residue, Money::ZERO);
    assert!(plan.rows.iter().all(|row| row.residue_portion.is_none()));
}

#[test]
fn the_residue_goes_where_its_rule_says() {
    let with = |residue| allocate(budget(), None, &terms(["0.87", "0.66", "0.50"], residue), &proposals());
    let kept = with("keep");
    assert_eq!((kept.assigned.to_string(), kept.residue.to_string()), ("171680.00".into(), "38.40".into()));
    // 38.40 in the ratio 17,400 : 34,800 : 34,800.
    assert_eq!(assigned(&with("first_band"))[..3], ["17407.68", "34815.36", "34815.36"]);
    // 38.40 over 171,680.00 at each assigned amount: cents by the greatest remainders.
    let spread = with("spread");
    assert_eq!(spread.assigned, budget());
    assert_eq!(
        assigned(&spread),
        ["17403.89", "34807.78", "34807.78", "23105.17", "26405.91", "15183.40", "20004.47"]
    );
}

#[test]
fn what_the_last_band_cannot_take_moves_up() {
    let proposals = [
        with(&proposals()[0], "60.00", "1000.00"),
        with(&proposals()[3], "50.00", "1000.00"),
        with(&proposals()[6], "29.00", "100.00"),
    ];
    let with_budget = |budget: &str| {
        allocate(budget.parse().unwrap(), None, &terms(["0.50", "0.50", "0.50"], "last_band"), &proposals)
    };
    assert_eq!(assigned(&with_budget("1090.00")), ["500.00", "500.00", "90.00"]);
    // 50.00 fill the last band; then the one above it takes the rest, and so on.
    assert_eq!(assigned(&with_budget("1200.00")), ["500.00", "600.00", "100.00"]);
    assert_eq!(assigned(&with_budget("1700.00")), ["600.00", "1000.00", "100.00"]);
    let rich = with_budget("9999.00");
    assert_eq!(
        (assigned(&rich), rich.residue.to_string()),
        (vec!["1000.00".into(), "1000.00".into(), "100.00".into()], "7899.00".into())
    );
}

fn with(proposal: &Proposal, score: &str, requested: &str) -> Proposal {
    let amount: Money = requested.parse().unwrap();
    Proposal { score: score.parse().unwrap(), requested: amount, admissible: amount, ..proposal.clone() }
}

#[test]
fn down_the_list_the_last_may_be_partial_skipped_or_the_end() {
    let ranked = |last: &str| read(json!({"method": "ranked_in_full", "last": last, "tie_breaks": []}));
    let proposals = [
        with(&proposals()[0], "60.00", "100.00"),
        with(&proposals()[1], "50.00", "100.00"),
        with(&proposals()[2], "40.00", "30.00"),
    ];
    let with_budget = |last| allocate("150.00".parse().unwrap(), None, &ranked(last), &proposals);
    assert_eq!(assigned(&with_budget("partial")), ["100.00", "50.00", "0.00"]);
    let skipped = with_budget("skip");
    assert_eq!(
        (assigned(&skipped), skipped.residue.to_string()),
        (vec!["100.00".into(), "0.00".into(), "30.00".into()], "20.00".into())
    );
    let stopped = with_budget("stop");
    assert_eq!(
        (assigned(&stopped), stopped.residue.to_string()),
        (vec!["100.00".into(), "0.00".into(), "0.00".into()], "50.00".into())
    );
    assert_eq!(stopped.rows[2].outcome, AllocationOutcome::BudgetExhausted);
}

#[test]
fn equal_scores_follow_the_tie_breaks_then_the_reference() {
    let ranked =
        |tie_breaks: Value| read(json!({"method": "ranked_in_full", "last": "stop", "tie_breaks": tie_breaks}));
    let mut equal = [
        with(&proposals()[0], "50.00", "300.00"),
        with(&proposals()[1], "50.00", "100.00"),
        with(&proposals()[2], "50.00", "200.00"),
    ];
    equal[0].reference = "2.10".into();
    let order = |terms: &AllocationTerms| -> Vec<String> {
        let plan = allocate(budget(), None, terms, &equal);
        plan.rows.into_iter().map(|row| row.reference).collect()
    };
    assert_eq!(order(&ranked(json!([]))), ["2.2", "2.3", "2.10"]);
    assert_eq!(order(&ranked(json!(["requested_ascending"]))), ["2.2", "2.3", "2.10"]);
    assert_eq!(order(&ranked(json!(["requested_descending"]))), ["2.10", "2.3", "2.2"]);
}

#[test]
fn shares_follow_score_times_request_up_to_the_request() {
    let proportional = read(json!({"method": "proportional"}));
    let proposals = [with(&proposals()[0], "60.00", "100.00"), with(&proposals()[1], "30.00", "100.00")];
    let plan = allocate("100.00".parse().unwrap(), None, &proportional, &proposals);
    assert_eq!(assigned(&plan), ["66.67", "33.33"]);
    // 180.00 would give the first 120.00: it stops at 100.00, and the other has what that leaves.
    let plan = allocate("180.00".parse().unwrap(), None, &proportional, &proposals);
    assert_eq!(assigned(&plan), ["100.00", "80.00"]);
}

#[test]
fn low_scores_get_nothing_and_lower_admissible_amounts_count() {
    let mut proposals = proposals();
    proposals[0].admissible = "10000.01".parse().unwrap();
    let bands = json!([{"minimum_score": "55.00", "percentage": "0.3333"}, {"minimum_score": "50.00", "percentage": "0.20"}]);
    let terms = read(json!({"method": "bands", "bands": bands, "residue": "keep"}));
    let plan = allocate(budget(), Some("47.00".parse().unwrap()), &terms, &proposals);
    assert_eq!(assigned(&plan), ["3333.00", "13332.00", "13332.00", "7000.00", "0.00", "0.00", "0.00"]);
    let outcomes: Vec<_> = plan.rows[3..].iter().map(|row| row.outcome).collect();
    assert_eq!(outcomes, [Funded, BelowLowestBand, BelowMinimumScore, BelowMinimumScore]);
}
