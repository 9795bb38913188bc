use super::*;
use crate::rules::allocate::allocate;
use crate::rules::real_call;
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn bounds(start: u8, minimum: u8, maximum: u8) -> BandBounds {
    BandBounds { start, minimum, maximum }
}

fn down_from(starts: &[u8]) -> Vec<BandBounds> {
    starts.iter().map(|&start| bounds(start, 0, start)).collect()
}

fn real_sums() -> Vec<PercentageSums> {
    let scores = ["55.00", "40.00", "0.00"].map(|score| score.parse().unwrap());
    band_sums(None, &scores, &real_call::proposals())
}

fn percentages(found: &Choices) -> Vec<&[u8]> {
    found.choices.iter().map(|choice| choice.percentages.as_slice()).collect()
}

#[test]
fn the_real_choice_is_the_first_of_the_closest_ones() {
    let found = choose(real_call::budget(), &down_from(&[90, 70, 50]), &real_sums(), SuggestionOrder::Closest, 6);
    // Seven points are the fewest, six ways; of the two that cut four points at most the real one leaves less.
    let expected: [&[u8]; 6] =
        [&[87, 66, 50], &[86, 67, 50], &[88, 65, 50], &[85, 68, 50], &[84, 69, 50], &[83, 70, 50]];
    assert_eq!(percentages(&found), expected);
    let real = &found.choices[0];
    assert_eq!((real.total.to_string(), real.residue.to_string()), ("171680.00".into(), "38.40".into()));
    assert_eq!((real.total_cut(), real.greatest_cut(), &real.cuts), (7, 4, &vec![3, 4, 0]));
    assert_eq!(real.relative_cuts, [33_333, 57_142, 0]);
}

#[test]
fn the_real_choice_is_among_the_even_ones_when_the_last_band_is_not_to_be_cut() {
    let kept = [bounds(90, 0, 90), bounds(70, 0, 70), bounds(50, 50, 50)];
    let found = choose(real_call::budget(), &kept, &real_sums(), SuggestionOrder::Even, 50);
    assert_eq!(percentages(&found)[..3], [&[86, 67, 50], &[85, 68, 50], &[87, 66, 50]]);
    let free = choose(real_call::budget(), &down_from(&[90, 70, 50]), &real_sums(), SuggestionOrder::Even, 50);
    assert_eq!(percentages(&free)[0], [87, 67, 47]);
    assert!(percentages(&free).contains(&&[87, 66, 50][..]));
}

#[test]
fn starting_percentages_that_fit_are_the_only_choice() {
    let found =
        choose("238000.00".parse().unwrap(), &down_from(&[90, 70, 50]), &real_sums(), SuggestionOrder::Even, 10);
    assert_eq!(percentages(&found), [&[90, 70, 50]]);
    let up = [bounds(50, 0, 100), bounds(50, 0, 100), bounds(50, 0, 100)];
    let found = choose(real_call::budget(), &up, &real_sums(), SuggestionOrder::Even, 1);
    assert_eq!(percentages(&found), [&[72, 72, 72]]);
}

#[test]
fn no_choice_where_even_the_minima_do_not_fit() {
    let high = [bounds(90, 90, 90), bounds(70, 60, 70), bounds(50, 50, 50)];
    let found = choose("100000.00".parse().unwrap(), &high, &real_sums(), SuggestionOrder::Closest, 10);
    assert_eq!((found.choices.len(), found.exhaustive), (0, true));
}

#[test]
fn one_percentage_for_all_is_one_band_cut_from_the_whole() {
    let sums = band_sums(None, &[Points::ZERO], &real_call::proposals());
    let found = choose(real_call::budget(), &down_from(&[100]), &sums, SuggestionOrder::Closest, 5);
    assert_eq!(percentages(&found), [&[72]]);
    assert_eq!(found.choices[0].total.to_string(), "171360.00");
}

/// Every choice there is, by trying all percentages.
fn by_brute_force(
    budget: Money,
    bands: &[BandBounds],
    sums: &[PercentageSums],
    order: SuggestionOrder,
) -> Vec<Choice> {
    let mut all: Vec<Vec<u8>> = vec![vec![]];
    for band in bands {
        all = all
            .iter()
            .flat_map(|head| (band.minimum..=band.maximum).map(move |p| [head.as_slice(), &[p]].concat()))
            .collect();
    }
    let cost = |choice: &[u8]| -> i64 { sums.iter().zip(choice).map(|(sums, p)| sums[usize::from(*p)]).sum() };
    let fits = |choice: &[u8]| choice.is_sorted_by(|one, other| one >= other) && cost(choice) <= budget.cents();
    let can_rise = |choice: &[u8]| {
        (0..choice.len()).any(|at| {
            let mut raised = choice.to_vec();
            raised[at] += 1;
            raised[at] <= bands[at].maximum && fits(&raised)
        })
    };
    let cut = |(band, p): (&BandBounds, &u8)| i16::from(band.start) - i16::from(*p);
    let choice = |percentages: Vec<u8>| Choice {
        total: Money::from_cents(cost(&percentages)),
        residue: Money::from_cents(budget.cents() - cost(&percentages)),
        cuts: bands.iter().zip(&percentages).map(cut).collect(),
        relative_cuts: bands
            .iter()
            .zip(&percentages)
            .map(|pair| i64::from(cut(pair)) * 1_000_000 / i64::from(pair.0.start))
            .collect(),
        percentages,
    };
    let mut found: Vec<Choice> = all.into_iter().filter(|p| fits(p) && !can_rise(p)).map(choice).collect();
    sort(&mut found, order);
    found
}

fn order() -> impl Strategy<Value = SuggestionOrder> {
    prop::sample::select(SuggestionOrder::ALL.to_vec())
}

/// What some requests cost, cut to the cent one by one.
fn sums_of(requests: &[i64]) -> PercentageSums {
    let mut sums = [0; 101];
    for request in requests {
        add(&mut sums, Money::from_cents(*request));
    }
    sums
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_searches_find_what_brute_force_finds(
        bands in prop::collection::vec((1_u8..=100, 0_u8..12, 0_u8..12, prop::collection::vec(1_i64..100_000, 0..4)), 1..4),
        share in 0_i64..=110, order in order(), limit in 1_usize..60,
    ) {
        let sums: Vec<PercentageSums> = bands.iter().map(|band| sums_of(&band.3)).collect();
        let bounds: Vec<BandBounds> = bands
            .iter()
            .map(|&(start, below, above, _)| bounds(start, start.saturating_sub(below), (start + above).min(100)))
            .collect();
        let top: i64 = sums.iter().zip(&bounds).map(|(sums, band)| sums[usize::from(band.maximum)]).sum();
        let budget = Money::from_cents(top * share / 100);
        let found = choose(budget, &bounds, &sums, order, limit);
        let mut expected = by_brute_force(budget, &bounds, &sums, order);
        expected.truncate(limit);
        prop_assert!(found.exhaustive);
        prop_assert_eq!(found.choices, expected);
    }

    #[test]
    fn what_is_suggested_is_what_is_then_allocated(budget in 1_i64..25_000_000, order in order()) {
        let budget = Money::from_cents(budget);
        for choice in choose(budget, &down_from(&[90, 70, 50]), &real_sums(), order, 5).choices {
            let share = |percent: &u8| format!("{}.{:02}", percent / 100, percent % 100);
            let shares: Vec<String> = choice.percentages.iter().map(share).collect();
            let terms = real_call::terms([&shares[0], &shares[1], &shares[2]], "keep");
            let plan = allocate(budget, None, &terms, &real_call::proposals());
            prop_assert!(plan.fits());
            prop_assert_eq!((plan.assigned, plan.residue), (choice.total, choice.residue));
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn six_bands_are_searched_in_little_time(
        requests in prop::collection::vec(1_i64..10_000_000, 6), share in 20_i64..100, order in order(),
    ) {
        let sums: Vec<PercentageSums> = requests.iter().map(|request| sums_of(&[*request])).collect();
        let bounds = down_from(&[100, 90, 80, 70, 60, 50]);
        let top: i64 = sums.iter().zip(&bounds).map(|(sums, band)| sums[usize::from(band.maximum)]).sum();
        let started = Instant::now();
        let found = choose(Money::from_cents(top * share / 100), &bounds, &sums, order, 20);
        prop_assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
        prop_assert!(found.exhaustive);
        prop_assert_eq!(found.choices.len(), 20);
    }
}
