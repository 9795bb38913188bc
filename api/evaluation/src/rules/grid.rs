//! Scores against the grid of the call.

use concilia_kernel::FieldError;
use concilia_kernel::problem::Text;
use concilia_planning::{EvaluationCriterion, Points};
use std::collections::HashSet;

/// The faults of scores, each with its pointer: a criterion that the grid has not, or twice, or points beyond its maximum.
pub fn faults<'a>(
    grid: &[EvaluationCriterion],
    scores: impl IntoIterator<Item = (&'a str, Points)>,
) -> Vec<FieldError> {
    let mut seen = HashSet::new();
    let mut found = vec![];
    for (at, (code, points)) in scores.into_iter().enumerate() {
        let Some(criterion) = grid.iter().find(|criterion| criterion.code == code) else {
            found.push(FieldError::pointer(format!("/scores/{at}/criterion"), "not_found").value(code));
            continue;
        };
        if !seen.insert(code) {
            found.push(FieldError::pointer(format!("/scores/{at}/criterion"), "duplicate").value(code));
        }
        if points > criterion.maximum {
            let pointer = format!("/scores/{at}/points");
            found.push(FieldError::pointer(pointer, "range").value(points.to_string()).explain(&Text::new(
                format!("«{code}» dà al massimo {} punti", criterion.maximum),
                format!("'{code}' gives {} points at most", criterion.maximum),
            )));
        }
    }
    found
}

/// The criteria of the grid that have no points yet, in its order.
pub fn missing<'a>(grid: &'a [EvaluationCriterion], scored: &HashSet<&str>) -> Vec<&'a str> {
    grid.iter().map(|criterion| criterion.code.as_str()).filter(|code| !scored.contains(code)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn points(hundredths: i64) -> Points {
        Points::hundredths(hundredths).unwrap()
    }

    fn grid() -> Vec<EvaluationCriterion> {
        let criterion = |code: &str, maximum| EvaluationCriterion {
            code: code.into(),
            title: code.into(),
            maximum: points(maximum),
        };
        vec![criterion("innovation", 1_000), criterion("sustainability", 1_250)]
    }

    fn codes(scores: &[(&str, i64)]) -> Vec<(String, String)> {
        let found = faults(&grid(), scores.iter().map(|(code, value)| (*code, points(*value))));
        found.into_iter().map(|fault| (fault.pointer.unwrap_or_default(), fault.code)).collect()
    }

    #[test]
    fn scores_stay_within_the_grid() {
        assert_eq!(codes(&[("innovation", 0), ("sustainability", 1_250)]), []);
        let told = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(codes(&[("innovation", 1_001)]), [told("/scores/0/points", "range")]);
        assert_eq!(codes(&[("charm", 1)]), [told("/scores/0/criterion", "not_found")]);
        assert_eq!(
            codes(&[("innovation", 1), ("innovation", 1_001)]),
            [told("/scores/1/criterion", "duplicate"), told("/scores/1/points", "range")]
        );
    }

    #[test]
    fn what_lacks_points_is_named() {
        assert_eq!(missing(&grid(), &HashSet::from(["sustainability"])), ["innovation"]);
        assert_eq!(missing(&grid(), &HashSet::from(["sustainability", "innovation"])), Vec::<&str>::new());
    }

    proptest! {
        #[test]
        fn points_are_refused_exactly_beyond_the_maximum(value in 0_i64..=3_000) {
            prop_assert_eq!(codes(&[("sustainability", value)]).is_empty(), value <= 1_250);
        }
    }
}
