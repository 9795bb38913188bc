use super::facts::{DeclaredChild, DeclaredHousehold, Entry};
use super::ranking::{Outcome, OutcomeCode, RankedLine, inputs_hash, rank, totals};
use super::share::Share;
use super::terms::{Criterion, IseeThreshold, Terms, TieBreak, Weight};
use chrono::{DateTime, Days, NaiveDate, Utc};
use concilia_kernel::Money;
use proptest::prelude::*;
use std::collections::HashMap;
use uuid::Uuid;

fn ages_on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 30).unwrap()
}

/// Few distinct values everywhere, so that ties are the rule.
fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let facts =
        prop::collection::vec((any::<[bool; 8]>(), prop::option::of(0_i64..4), 0_u64..8_000, 0_i64..3), 0..40);
    let households = prop::collection::vec(0_u128..12, 40);
    (facts, households).prop_map(|(facts, households)| {
        facts
            .into_iter()
            .zip(households)
            .zip(0_u128..)
            .map(|((facts, household), n)| entry(n, household, facts))
            .collect()
    })
}

fn entry(n: u128, household: u128, facts: ([bool; 8], Option<i64>, u64, i64)) -> Entry {
    let (flags, isee, days_old, instant) = facts;
    Entry {
        application_line_id: Uuid::from_u128(n),
        household: Uuid::from_u128(household),
        protocol_number: format!("2026/{:06}", n / 2 + 1),
        line: (n % 2) as i16 + 1,
        submitted_at: DateTime::<Utc>::from_timestamp(1_780_000_000 + instant, 0).unwrap(),
        declared_household: DeclaredHousehold {
            single_parent: flags[0],
            both_parents_working: flags[1],
            shift_work: flags[2],
            no_relatives_nearby: flags[3],
            woman_entrepreneur: flags[4],
            isee: isee.map(|step| Money::from_cents(step * 500_000)),
        },
        child: DeclaredChild {
            birth_date: ages_on() - Days::new(days_old),
            disability: flags[5],
            learning_disorder: flags[6],
            other_fragility: flags[7],
        },
    }
}

fn criteria() -> Vec<Criterion> {
    vec![
        Criterion::ChildDisability(Weight { points: 40 }),
        Criterion::ChildLearningDisorder(Weight { points: 30 }),
        Criterion::SingleParent(Weight { points: 20 }),
        Criterion::ShiftWork(Weight { points: 10 }),
        Criterion::IseeUpTo(IseeThreshold { threshold: Money::from_cents(1_000_000), points: 10 }),
    ]
}

fn terms() -> impl Strategy<Value = Terms> {
    let tie_breaks = prop::sample::subsequence(TieBreak::ALL.to_vec(), 0..=3).prop_shuffle();
    (1_i64..500_000, 1_i64..=100, 1_i64..40_000, prop::option::of(0_i64..60_000), tie_breaks).prop_map(
        |(budget, share, value, cap_above_value, tie_breaks)| Terms {
            budget: Money::from_cents(budget),
            first_award_share: Share::hundredths(share).unwrap(),
            value_per_child: Money::from_cents(value),
            household_cap: cap_above_value.map(|more| Money::from_cents(value + more)),
            minimum_age: 0,
            maximum_age: 16,
            ages_on: ages_on(),
            criteria: criteria(),
            tie_breaks,
        },
    )
}

fn position_of(lines: &[RankedLine], id: Uuid) -> i32 {
    lines.iter().find(|line| line.application_line_id == id).unwrap().position
}

proptest! {
    #[test]
    fn the_order_of_the_inputs_changes_nothing(terms in terms(), (entries, shuffled) in entries().prop_flat_map(|e| (Just(e.clone()), Just(e).prop_shuffle()))) {
        prop_assert_eq!(rank(&terms, &entries), rank(&terms, &shuffled));
        prop_assert_eq!(inputs_hash(&terms, &entries).unwrap(), inputs_hash(&terms, &shuffled).unwrap());
    }

    #[test]
    fn the_order_is_total(terms in terms(), entries in entries()) {
        let lines = rank(&terms, &entries);
        prop_assert_eq!(lines.len(), entries.len());
        let admitted = |line: &&RankedLine| line.outcome_code != OutcomeCode::AgeOutOfRange;
        prop_assert!(lines.iter().map(|line| line.position).eq(1..=lines.len() as i32));
        prop_assert!(lines.iter().filter(admitted).is_sorted_by(|a, b| a.points >= b.points));
        prop_assert!(lines.iter().is_sorted_by_key(|line| line.outcome_code == OutcomeCode::AgeOutOfRange));
    }

    #[test]
    fn neither_the_budget_nor_a_household_cap_is_exceeded(terms in terms(), entries in entries()) {
        let lines = rank(&terms, &entries);
        let totals = totals(&lines);
        prop_assert!(totals.awarded_amount <= terms.available());
        prop_assert!(terms.available() <= terms.budget);
        prop_assert_eq!(totals.lines, totals.awarded + totals.wait_listed + totals.excluded);
        let mut by_household: HashMap<Uuid, Money> = HashMap::new();
        for line in &lines {
            prop_assert_eq!(line.amount.is_positive(), line.outcome == Outcome::Awarded);
            prop_assert!(line.amount <= terms.value_per_child);
            *by_household.entry(line.household).or_default() += line.amount;
        }
        if let Some(cap) = terms.household_cap {
            prop_assert!(by_household.values().all(|got| *got <= cap));
        }
    }

    #[test]
    fn awards_go_strictly_down_the_list(terms in terms(), entries in entries()) {
        let lines = rank(&terms, &entries);
        let ranked = lines.iter().filter(|line| line.outcome != Outcome::Excluded);
        prop_assert!(ranked.is_sorted_by_key(|line| line.outcome == Outcome::WaitListed));
        let waiting: Vec<i32> = lines.iter().filter_map(|line| line.waiting_position).collect();
        prop_assert!(waiting.iter().copied().eq(1..=waiting.len() as i32));
        // Who waits first really did not fit.
        if let Some(first) = lines.iter().find(|line| line.outcome == Outcome::WaitListed) {
            let got: Money = lines.iter().filter(|l| l.household == first.household).map(|l| l.amount).sum();
            let due = terms.household_cap.map_or(terms.value_per_child, |cap| terms.value_per_child.min(cap - got));
            prop_assert!(totals(&lines).awarded_amount + due > terms.available());
        }
    }

    #[test]
    fn more_points_never_lower_a_position(terms in terms(), entries in entries(), at in any::<prop::sample::Index>()) {
        prop_assume!(!entries.is_empty());
        let at = at.index(entries.len());
        let before = position_of(&rank(&terms, &entries), entries[at].application_line_id);
        let mut better = entries;
        better[at].child.disability = true;
        better[at].child.learning_disorder = true;
        let after = position_of(&rank(&terms, &better), better[at].application_line_id);
        prop_assert!(after <= before);
    }

    #[test]
    fn every_point_is_explained(terms in terms(), entries in entries()) {
        for line in rank(&terms, &entries) {
            prop_assert_eq!(line.points, line.explanation.criteria.iter().map(|c| c.given).sum::<i32>());
            prop_assert_eq!(line.explanation.criteria.len(), terms.criteria.len());
            prop_assert_eq!(line.explanation.tie_breaks.len(), terms.tie_breaks.len());
        }
    }

    #[test]
    fn whatever_matters_changes_the_hash(terms in terms(), entries in entries(), at in any::<prop::sample::Index>()) {
        prop_assume!(!entries.is_empty());
        let mut other = entries.clone();
        let changed = &mut other[at.index(entries.len())].child.disability;
        *changed = !*changed;
        prop_assert_ne!(inputs_hash(&terms, &entries).unwrap(), inputs_hash(&terms, &other).unwrap());
        let mut richer = terms.clone();
        richer.budget += Money::from_cents(1);
        prop_assert_ne!(inputs_hash(&terms, &entries).unwrap(), inputs_hash(&richer, &entries).unwrap());
    }
}

fn plain_terms(budget: &str, cap: Option<&str>) -> Terms {
    Terms {
        budget: budget.parse().unwrap(),
        first_award_share: Share::WHOLE,
        value_per_child: "300.00".parse().unwrap(),
        household_cap: cap.map(|cap| cap.parse().unwrap()),
        minimum_age: 0,
        maximum_age: 16,
        ages_on: ages_on(),
        criteria: criteria(),
        tie_breaks: vec![TieBreak::IseeAscending],
    }
}

fn child(n: u128, household: u128, isee: Option<i64>) -> Entry {
    entry(n, household, ([false; 8], isee, 2_000, 0))
}

#[test]
fn the_first_call_of_the_portal_awards_240_vouchers() {
    let mut terms = plain_terms("144000.00", None);
    terms.first_award_share = Share::hundredths(50).unwrap();
    let entries: Vec<Entry> = (0..300).map(|n| child(n, n, None)).collect();
    let totals = totals(&rank(&terms, &entries));
    assert_eq!((totals.awarded, totals.wait_listed), (240, 60));
    assert_eq!(totals.awarded_amount.to_string(), "72000.00");
}

#[test]
fn the_last_voucher_of_a_household_is_what_its_cap_leaves() {
    let lines =
        rank(&plain_terms("10000.00", Some("500.00")), &[child(0, 1, None), child(1, 1, None), child(2, 1, None)]);
    let seen: Vec<_> = lines.iter().map(|line| (line.amount.to_string(), line.outcome_code)).collect();
    assert_eq!(
        seen,
        [
            ("300.00".to_owned(), OutcomeCode::FullValue),
            ("200.00".to_owned(), OutcomeCode::HouseholdCapPartial),
            ("0.00".to_owned(), OutcomeCode::HouseholdCapReached),
        ]
    );
}

#[test]
fn a_smaller_amount_does_not_jump_the_queue() {
    // 500 is left for 300 + 300: the household whose cap leaves 200 comes third and waits.
    let entries = [child(0, 1, Some(0)), child(2, 2, Some(1)), child(4, 1, Some(2))];
    let lines = rank(&plain_terms("500.00", Some("500.00")), &entries);
    assert_eq!(lines.iter().map(|line| line.waiting_position).collect::<Vec<_>>(), [None, Some(1), Some(2)]);
}

#[test]
fn a_missing_isee_comes_last_among_equals() {
    let entries = [child(0, 1, None), child(2, 2, Some(3)), child(4, 3, Some(2))];
    let mut terms = plain_terms("300.00", None);
    terms.criteria.clear();
    let lines = rank(&terms, &entries);
    assert_eq!(lines.iter().map(|line| line.household.as_u128()).collect::<Vec<_>>(), [3, 2, 1]);
}

#[test]
fn a_child_past_the_age_is_excluded_with_its_reason() {
    let mut grown = child(0, 1, None);
    grown.child.birth_date = NaiveDate::from_ymd_opt(2009, 6, 30).unwrap();
    let mut just_within = child(2, 2, None);
    just_within.child.birth_date = NaiveDate::from_ymd_opt(2009, 7, 1).unwrap();
    let lines = rank(&plain_terms("10000.00", None), &[grown, just_within]);
    assert_eq!(lines[0].outcome, Outcome::Awarded);
    assert_eq!(lines[1].outcome_code, OutcomeCode::AgeOutOfRange);
}
