//! What both searches walk on: the bands as steps down from their maxima, and what makes a choice.

use super::{Choice, PercentageSums};
use concilia_kernel::Money;
use std::cell::Cell;

/// The whole percentages to look at in a band.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BandBounds {
    /// Where cuts are counted from, 1 to 100.
    pub start: u8,
    pub minimum: u8,
    pub maximum: u8,
}

/// Branches looked at before a search gives up: some tenths of a second.
const PATIENCE: u32 = 500_000;

/// A band whose percentage is told in steps below its maximum: step 0 is the maximum.
pub struct BandField {
    start: u8,
    maximum: u8,
    /// Cents saved by each number of steps.
    pub saved: Vec<i64>,
}

impl BandField {
    pub fn most_steps(&self) -> usize {
        self.saved.len() - 1
    }

    /// Points below the starting percentage.
    pub fn cut(&self, steps: usize) -> i16 {
        i16::from(self.start) - i16::from(self.percent(steps))
    }

    /// Millionths of the starting percentage.
    pub fn relative_cut(&self, steps: usize) -> i64 {
        i64::from(self.cut(steps)) * 1_000_000 / i64::from(self.start)
    }

    /// The first step whose relative cut is `enough`, which each greater one then is too; past the last when none is.
    pub fn first_step(&self, enough: impl Fn(i64) -> bool) -> usize {
        let (mut from, mut to) = (0, self.saved.len());
        while from < to {
            let middle = usize::midpoint(from, to);
            if enough(self.relative_cut(middle)) { to = middle } else { from = middle + 1 }
        }
        from
    }

    /// The most steps that cut no more than `greatest_cut`.
    pub fn steps_within(&self, greatest_cut: i16) -> Option<usize> {
        let steps = usize::try_from(greatest_cut - self.cut(0)).ok()?;
        Some(steps.min(self.most_steps()))
    }

    /// The steps that lead to a percentage, if it is within the bounds.
    pub fn steps_to(&self, percent: usize) -> Option<usize> {
        usize::from(self.maximum).checked_sub(percent).filter(|&steps| steps <= self.most_steps())
    }

    fn percent(&self, steps: usize) -> u8 {
        self.maximum - steps as u8
    }

    /// Cents that one step up from here would cost.
    fn step_up(&self, steps: usize) -> i64 {
        self.saved[steps] - self.saved[steps - 1]
    }
}

pub struct Field {
    pub bands: Vec<BandField>,
    /// Bands in the order in which a search fixes them: those with the most money first, as they decide most.
    pub by_money: Vec<usize>,
    budget: i64,
    /// What the maxima cost.
    top: i64,
    /// The most that one step of any band costs: no choice leaves that much, as one that leaves it can be raised.
    greatest_step: i64,
    looked_at: Cell<u32>,
}

impl Field {
    /// `None` when no percentages within the bounds fit, or fall from band to band.
    pub fn new(budget: Money, bounds: &[BandBounds], sums: &[PercentageSums]) -> Option<Self> {
        let mut bounds = bounds.to_vec();
        // Percentages do not rise from a band to the next, so each is bounded by its neighbours' bounds too.
        for at in 1..bounds.len() {
            bounds[at].maximum = bounds[at].maximum.min(bounds[at - 1].maximum);
        }
        for at in (1..bounds.len()).rev() {
            bounds[at - 1].minimum = bounds[at - 1].minimum.max(bounds[at].minimum);
        }
        if bounds.iter().any(|band| band.minimum > band.maximum) {
            return None;
        }
        let cost = |band: usize, percent: u8| sums[band][usize::from(percent)];
        let least: i64 = bounds.iter().enumerate().map(|(at, band)| cost(at, band.minimum)).sum();
        if least > budget.cents() {
            return None;
        }
        let top = bounds.iter().enumerate().map(|(at, band)| cost(at, band.maximum)).sum();
        let band_field = |(at, band): (usize, &BandBounds)| BandField {
            start: band.start,
            maximum: band.maximum,
            saved: (band.minimum..=band.maximum).rev().map(|p| cost(at, band.maximum) - cost(at, p)).collect(),
        };
        let bands: Vec<BandField> = bounds.iter().enumerate().map(band_field).collect();
        let mut by_money: Vec<usize> = (0..bands.len()).collect();
        by_money.sort_by_key(|&band| (-cost(band, 100), band));
        let steps = bands.iter().flat_map(|band| band.saved.windows(2));
        let greatest_step = steps.map(|pair| pair[1] - pair[0]).max().unwrap_or(0);
        Some(Self { bands, by_money, greatest_step, budget: budget.cents(), top, looked_at: Cell::new(0) })
    }

    pub fn everything_fits(&self) -> bool {
        self.top <= self.budget
    }

    pub fn greatest_step(&self) -> i64 {
        self.greatest_step
    }

    /// Cents to be saved, at least.
    pub fn need(&self) -> i64 {
        self.top - self.budget
    }

    pub fn at_the_maximum(&self) -> Choice {
        self.choice(&vec![0; self.bands.len()])
    }

    /// Counts one branch; false once there have been too many.
    pub fn goes_on(&self) -> bool {
        self.looked_at.set(self.looked_at.get().saturating_add(1));
        !self.gave_up()
    }

    pub fn gave_up(&self) -> bool {
        self.looked_at.get() > PATIENCE
    }

    pub fn choice(&self, steps: &[usize]) -> Choice {
        let bands = || self.bands.iter().zip(steps);
        let saved: i64 = bands().map(|(band, &steps)| band.saved[steps]).sum();
        Choice {
            percentages: bands().map(|(band, &steps)| band.percent(steps)).collect(),
            total: Money::from_cents(self.top - saved),
            residue: Money::from_cents(self.budget - self.top + saved),
            cuts: bands().map(|(band, &steps)| band.cut(steps)).collect(),
            relative_cuts: bands().map(|(band, &steps)| band.relative_cut(steps)).collect(),
        }
    }
}

/// Steps fixed so far, for some of the bands.
pub struct Partial {
    pub steps: Vec<Option<usize>>,
    /// Cents saved by them.
    pub saved: i64,
}

impl Partial {
    pub fn new(field: &Field) -> Self {
        Self { steps: vec![None; field.bands.len()], saved: 0 }
    }

    pub fn set(&mut self, field: &Field, band: usize, steps: usize) {
        self.steps[band] = Some(steps);
        self.saved += field.bands[band].saved[steps];
    }

    pub fn unset(&mut self, field: &Field, band: usize) {
        if let Some(steps) = self.steps[band].take() {
            self.saved -= field.bands[band].saved[steps];
        }
    }

    /// Least and most steps of a band that keep percentages from rising, given the bands already fixed.
    pub fn range(&self, field: &Field, band: usize) -> (usize, usize) {
        let this = &field.bands[band];
        let fixed = |at: usize| self.steps[at].map(|steps| field.bands[at].percent(steps));
        let highest = (0..band).rev().find_map(fixed).unwrap_or(this.maximum).min(this.maximum);
        let lowest = (band + 1..self.steps.len()).find_map(fixed).unwrap_or(0);
        let least = usize::from(this.maximum - highest);
        let most = usize::from(this.maximum.saturating_sub(lowest)).min(this.most_steps());
        (least, most)
    }

    /// Whether some band surely could be raised by a point if `residue` were left: it then is no choice. A band can be
    /// raised when it is below its maximum, and below the band above it.
    pub fn could_be_raised(&self, field: &Field, residue: i64) -> bool {
        let percent = |at: usize| self.steps[at].map(|steps| field.bands[at].percent(steps));
        let free =
            |at: usize| at == 0 || percent(at - 1).is_some_and(|above| percent(at).is_some_and(|p| p < above));
        (0..self.steps.len()).any(|at| {
            let steps = self.steps[at].unwrap_or(0);
            steps > 0 && free(at) && field.bands[at].step_up(steps) <= residue
        })
    }

    /// The choice, once every band is fixed and it is one.
    pub fn choice(&self, field: &Field) -> Option<Choice> {
        let residue = self.saved - field.need();
        let steps: Option<Vec<usize>> = self.steps.iter().copied().collect();
        let steps = steps.filter(|_| residue >= 0 && !self.could_be_raised(field, residue))?;
        Some(field.choice(&steps))
    }
}
