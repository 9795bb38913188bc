//! What holds of every allocation.

use super::allocate::allocate;
use super::plan::{AllocationOutcome, Plan};
use super::proposal::Proposal;
use super::real_call::read;
use super::terms::{AllocationMethod, AllocationTerms};
use concilia_kernel::Money;
use concilia_planning::Points;
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

/// Few distinct values, so that ties are the rule.
fn proposals() -> impl Strategy<Value = Vec<Proposal>> {
    let facts = (0_i64..70, 1_i64..50, 0_i64..3, 0_i64..=100);
    prop::collection::vec(facts, 0..25).prop_map(|facts| {
        let proposal = |(n, (score, requested, instant, admissible)): (u128, (i64, i64, i64, i64))| {
            let requested = requested * 99_999;
            Proposal {
                project_id: Uuid::from_u128(n),
                reference: format!("1.{n}"),
                submitted_at: chrono::DateTime::from_timestamp(1_600_000_000 + instant, 0).unwrap(),
                score: Points::hundredths(score * 100).unwrap(),
                requested: Money::from_cents(requested),
                admissible: Money::from_cents(requested * admissible.max(50) / 100),
                admissible_reason: None,
            }
        };
        (1..).zip(facts).map(proposal).collect()
    })
}

fn tie_breaks() -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::subsequence(vec!["requested_ascending", "submitted_at_ascending"], 0..=2).prop_shuffle()
}

fn terms() -> impl Strategy<Value = AllocationTerms> {
    let residue = prop::sample::select(vec!["last_band", "first_band", "spread", "keep"]);
    let shares = prop::collection::vec(0_u32..=10_000, 1..5);
    let bands = (shares, residue, tie_breaks()).prop_map(|(mut shares, residue, tie_breaks)| {
        shares.sort_unstable_by(|one, other| other.cmp(one));
        let band = |(at, share): (usize, &u32)| {
            let percentage = format!("{}.{:04}", share / 10_000, share % 10_000);
            json!({"minimum_score": format!("{}.00", 55 - 15 * at), "percentage": percentage})
        };
        let bands: Vec<_> = shares.iter().enumerate().take(4).map(band).collect();
        read(json!({"method": "bands", "bands": bands, "residue": residue, "tie_breaks": tie_breaks}))
    });
    let flat = (0_u32..=100, prop::sample::select(vec!["spread", "keep"])).prop_map(|(share, residue)| {
        let percentage = format!("{}.{:02}", share / 100, share % 100);
        read(json!({"method": "flat_percentage", "percentage": percentage, "residue": residue}))
    });
    let last = prop::sample::select(vec!["partial", "skip", "stop"]);
    let ranked = (last, tie_breaks()).prop_map(|(last, tie_breaks)| {
        read(json!({"method": "ranked_in_full", "last": last, "tie_breaks": tie_breaks}))
    });
    let proportional =
        tie_breaks().prop_map(|tie_breaks| read(json!({"method": "proportional", "tie_breaks": tie_breaks})));
    prop_oneof![4 => bands, 1 => flat, 2 => ranked, 2 => proportional]
}

fn minimum() -> impl Strategy<Value = Option<Points>> {
    prop::option::of((0_i64..60).prop_map(|points| Points::hundredths(points * 100).unwrap()))
}

/// Whether a row may get more: it has something, and is below what is admissible.
fn has_room(plan: &Plan) -> bool {
    plan.rows.iter().any(|row| row.outcome == AllocationOutcome::Funded && row.assigned < row.admissible)
}

proptest! {
    #[test]
    fn assigned_and_residue_are_the_budget_to_the_cent(
        budget in 1_i64..60_000_000, minimum in minimum(), terms in terms(), proposals in proposals(),
    ) {
        let budget = Money::from_cents(budget);
        let plan = allocate(budget, minimum, &terms, &proposals);
        let sum: Money = plan.rows.iter().map(|row| row.assigned).sum();
        prop_assert_eq!(sum, plan.assigned);
        if plan.fits() {
            prop_assert_eq!(plan.assigned + plan.residue, budget);
            prop_assert!(plan.residue >= Money::ZERO);
        } else {
            prop_assert_eq!(plan.assigned, budget + plan.over_by);
            prop_assert!(plan.rows.iter().all(|row| row.residue_share().is_zero()));
            prop_assert!(matches!(terms.method(), AllocationMethod::Bands | AllocationMethod::FlatPercentage));
        }
        let by_band: Money = plan.bands.iter().map(|band| band.assigned_grant).sum();
        prop_assert!(terms.method() != AllocationMethod::Bands || by_band == plan.assigned);
    }

    #[test]
    fn nobody_gets_more_than_is_admissible_or_anything_below_the_minimum(
        budget in 1_i64..60_000_000, minimum in minimum(), terms in terms(), proposals in proposals(),
    ) {
        let plan = allocate(Money::from_cents(budget), minimum, &terms, &proposals);
        for row in &plan.rows {
            prop_assert!(row.assigned <= row.admissible && row.admissible <= row.requested);
            prop_assert!(row.base_amount <= row.assigned && row.base_amount >= Money::ZERO);
            prop_assert_eq!(row.assigned.is_positive(), row.outcome == AllocationOutcome::Funded);
            if minimum.is_some_and(|minimum| row.score < minimum) {
                prop_assert_eq!(row.assigned, Money::ZERO);
            }
        }
    }

    #[test]
    fn a_residue_stays_only_where_its_rule_keeps_it_or_nobody_can_take_it(
        budget in 1_i64..60_000_000, terms in terms(), proposals in proposals(),
    ) {
        let plan = allocate(Money::from_cents(budget), None, &terms, &proposals);
        let keeps = match &terms {
            AllocationTerms::Bands(terms) => terms.residue.as_str() == "keep",
            AllocationTerms::FlatPercentage(terms) => terms.residue.as_str() == "keep",
            AllocationTerms::RankedInFull(_) => true,
            AllocationTerms::Proportional(_) => false,
        };
        prop_assert!(keeps || plan.residue.is_zero() || !has_room(&plan));
    }

    #[test]
    fn the_order_of_the_input_changes_nothing(
        budget in 1_i64..60_000_000, minimum in minimum(), terms in terms(),
        (one, other) in proposals().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        let budget = Money::from_cents(budget);
        prop_assert_eq!(allocate(budget, minimum, &terms, &one), allocate(budget, minimum, &terms, &other));
    }

    #[test]
    fn a_better_score_never_gets_less_for_the_same_request(
        budget in 1_i64..60_000_000, terms in terms(), proposals in proposals(),
    ) {
        let plan = allocate(Money::from_cents(budget), None, &terms, &proposals);
        let by_band = matches!(terms.method(), AllocationMethod::Bands | AllocationMethod::FlatPercentage);
        for (at, better) in plan.rows.iter().enumerate() {
            for worse in plan.rows[at..].iter().filter(|worse| worse.admissible == better.admissible) {
                prop_assert!(!by_band || better.base_amount >= worse.base_amount);
                let proportional = terms.method() == AllocationMethod::Proportional;
                prop_assert!(!proportional || better.assigned >= worse.assigned);
            }
        }
    }
}
