//! The axis of values: round steps from below the least to above the greatest.

use crate::chart::{Chart, ChartKind, Unit};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

pub(super) struct Scale {
    pub(super) ticks: Vec<Decimal>,
    low: f64,
    high: f64,
}

impl Scale {
    pub(super) fn of(chart: &Chart) -> Self {
        let mut low = Decimal::ZERO;
        let mut high = Decimal::ZERO;
        let stacked = matches!(chart.kind, ChartKind::StackedBars | ChartKind::StackedColumns);
        for index in 0..chart.categories.len() {
            let values = chart.series.iter().filter_map(|s| s.values.get(index).copied().flatten());
            if stacked {
                let (down, up): (Vec<Decimal>, Vec<Decimal>) = values.partition(|v| *v < Decimal::ZERO);
                high = high.max(up.iter().sum());
                low = low.min(down.iter().sum());
            } else {
                for value in values {
                    high = high.max(value);
                    low = low.min(value);
                }
            }
        }
        let hundred = Decimal::ONE_HUNDRED;
        if chart.unit == Unit::Percent && low.is_zero() && high <= hundred && high > Decimal::from(50) {
            high = hundred;
        }
        Self::over(low, high, matches!(chart.unit, Unit::Number(0)))
    }

    fn over(low: Decimal, high: Decimal, whole: bool) -> Self {
        let span = if high == low { Decimal::ONE } else { high - low };
        let step = step(span / Decimal::from(5), whole);
        let first = (low / step).floor();
        let last = (high / step).ceil().max(first + Decimal::ONE);
        let count = (last - first).to_i64().unwrap_or(1);
        let ticks: Vec<Decimal> = (0..=count).map(|n| ((first + Decimal::from(n)) * step).normalize()).collect();
        let float = |d: Decimal| d.to_f64().unwrap_or_default();
        Self { low: float(first * step), high: float(last * step), ticks }
    }

    /// Where a value lies, from 0 to 1.
    pub(super) fn at(&self, value: Decimal) -> f64 {
        (value.to_f64().unwrap_or_default() - self.low) / (self.high - self.low)
    }
}

/// The round step (1, 2, 2.5 or 5 times a power of ten) next above.
fn step(rough: Decimal, whole: bool) -> Decimal {
    let mut power = Decimal::ONE;
    while power * Decimal::TEN <= rough {
        power *= Decimal::TEN;
    }
    while power > rough {
        power /= Decimal::TEN;
    }
    let steps = [10, 20, 25, 50, 100].map(|tenths| Decimal::new(tenths, 1) * power);
    let fits = |s: &Decimal| *s >= rough && (!whole || s.fract().is_zero());
    steps.into_iter().find(fits).unwrap_or(Decimal::ONE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ticks(low: i64, high: i64) -> Vec<String> {
        Scale::over(Decimal::from(low), Decimal::from(high), true).ticks.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn steps_are_round() {
        assert_eq!(ticks(0, 159), ["0", "50", "100", "150", "200"]);
        assert_eq!(ticks(0, 3), ["0", "1", "2", "3"]);
        assert_eq!(ticks(-30, 80), ["-50", "-25", "0", "25", "50", "75", "100"]);
        assert_eq!(ticks(0, 0), ["0", "1"]);
    }

    proptest! {
        #[test]
        fn every_value_lies_on_the_axis(low in -1_000_000_000_000_i64..=0, high in 0_i64..=1_000_000_000_000, cents in 0_u32..3) {
            let (low, high) = (Decimal::new(low, cents), Decimal::new(high, cents));
            let scale = Scale::over(low, high, false);
            prop_assert!(scale.ticks.len() <= 9, "{:?}", scale.ticks);
            for value in [low, high, Decimal::ZERO] {
                prop_assert!((-1e-9..=1.0 + 1e-9).contains(&scale.at(value)));
            }
        }
    }
}
