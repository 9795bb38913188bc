//! Choices by the points they cut in all, then by their greatest cut: from the fewest on, until there are enough.

use super::Choice;
use super::field::{BandField, Field, Partial};
use std::cell::OnceCell;

/// Branches looked at before the choices of some number of points are told apart by their greatest cuts.
const MANY: u32 = 10_000;

pub fn search(field: &Field, limit: usize) -> Vec<Choice> {
    let levels = Levels::new(field);
    let mut found: Vec<Choice> = vec![];
    for steps in (0..=levels.most_steps).filter(|&steps| levels.all.save_enough(field, steps)) {
        let wanted = limit - found.len();
        found.append(&mut with_steps(field, &levels, steps, wanted));
        if found.len() >= limit || field.gave_up() {
            break;
        }
    }
    found
}

/// The choices of this many steps: all of them, or at least those of the smallest greatest cuts, `wanted` or more.
fn with_steps(field: &Field, levels: &Levels, steps: usize, wanted: usize) -> Vec<Choice> {
    let walk = |reaches: &Reaches, patience: u32| {
        let mut level = Level { field, reaches, partial: Partial::new(field), patience, found: vec![] };
        level.walk(0, 100, steps);
        (level.patience > 0).then_some(level.found)
    };
    if let Some(all) = walk(&levels.all, MANY) {
        return all;
    }
    for greatest_cut in levels.to_try(field, steps) {
        let found = walk(&Reaches::within(field, greatest_cut, levels.most_steps), u32::MAX).unwrap_or_default();
        if found.len() >= wanted || field.gave_up() {
            return found;
        }
    }
    walk(&levels.all, u32::MAX).unwrap_or_default()
}

/// What some bands can save, in cents.
#[derive(Debug, Clone, Copy)]
struct Reach {
    least: i64,
    most: i64,
}

impl Reach {
    fn or(self, other: Self) -> Self {
        Self { least: self.least.min(other.least), most: self.most.max(other.most) }
    }

    fn and(self, saved: i64) -> Self {
        Self { least: self.least + saved, most: self.most + saved }
    }
}

/// What percentages that fall from band to band can save, none cut beyond a greatest cut.
struct Reaches {
    most_steps: usize,
    /// For the bands from each one on; by the percentage of the band above, then by steps in all. `None` where no such
    /// number of steps can be taken.
    from: Vec<Vec<Option<Reach>>>,
}

impl Reaches {
    fn within(field: &Field, greatest_cut: i16, most_steps: usize) -> Self {
        let width = most_steps + 1;
        let mut none_left = vec![None; 101 * width];
        none_left.iter_mut().step_by(width).for_each(|reach| *reach = Some(Reach { least: 0, most: 0 }));
        let mut from = vec![none_left];
        for band in field.bands.iter().rev() {
            let rest = &from[from.len() - 1];
            let within = band.steps_within(greatest_cut);
            let mut here = Vec::with_capacity(rest.len());
            let mut so_far: Vec<Option<Reach>> = vec![None; width];
            for percent in 0..=100 {
                if let Some(own) = band.steps_to(percent).filter(|&own| within.is_some_and(|most| own <= most)) {
                    let rest = &rest[percent * width..][..width - own];
                    for (reach, rest) in so_far[own..].iter_mut().zip(rest) {
                        let with = rest.map(|rest| rest.and(band.saved[own]));
                        *reach = with.map(|with| reach.map_or(with, |reach| reach.or(with))).or(*reach);
                    }
                }
                here.extend_from_slice(&so_far);
            }
            from.push(here);
        }
        from.reverse();
        Self { most_steps, from }
    }

    fn save_enough(&self, field: &Field, steps: usize) -> bool {
        self.of(0, 100, steps).is_some_and(|reach| reach.most >= field.need())
    }

    fn of(&self, from: usize, below: usize, steps: usize) -> Option<Reach> {
        self.from[from][below * (self.most_steps + 1) + steps]
    }
}

/// The greatest cuts there may be.
struct Levels {
    most_steps: usize,
    greatest_cuts: Vec<i16>,
    /// With the last of them, which allows all.
    all: Reaches,
    /// By greatest cut, then by steps in all: the most that can be saved, once it is asked for.
    most_saved: Vec<OnceCell<Vec<Option<i64>>>>,
}

impl Levels {
    fn new(field: &Field) -> Self {
        let greatest = |cut: &dyn Fn(&BandField) -> i16| field.bands.iter().map(cut).max().unwrap_or(0);
        let (from, to) = (greatest(&|band| band.cut(0)), greatest(&|band| band.cut(band.most_steps())));
        let greatest_cuts: Vec<i16> = (from..=to).collect();
        let most_steps = field.bands.iter().map(BandField::most_steps).sum();
        let most_saved = vec![OnceCell::new(); greatest_cuts.len()];
        Self { most_steps, greatest_cuts, all: Reaches::within(field, to, most_steps), most_saved }
    }

    fn saves_enough(&self, field: &Field, steps: usize, level: usize) -> bool {
        let most_saved = self.most_saved[level].get_or_init(|| {
            let reaches = Reaches::within(field, self.greatest_cuts[level], self.most_steps);
            (0..=self.most_steps).map(|steps| reaches.of(0, 100, steps).map(|reach| reach.most)).collect()
        });
        most_saved[steps].is_some_and(|most| most >= field.need())
    }

    /// Greatest cuts to try for this many steps, which some save enough: the first that does (the greater the cut
    /// allowed, the more can be saved), then wider ones.
    fn to_try(&self, field: &Field, steps: usize) -> impl Iterator<Item = i16> {
        let (mut from, mut to) = (0, self.greatest_cuts.len() - 1);
        while from < to {
            let middle = usize::midpoint(from, to);
            if self.saves_enough(field, steps, middle) { to = middle } else { from = middle + 1 }
        }
        [0, 1, 2, 4, 8].into_iter().filter_map(move |wider| self.greatest_cuts.get(from + wider).copied())
    }
}

struct Level<'f> {
    field: &'f Field,
    reaches: &'f Reaches,
    partial: Partial,
    /// Branches that may still be looked at.
    patience: u32,
    found: Vec<Choice>,
}

impl Level<'_> {
    /// Fixes the bands from this one on, below the percentage of the one above, with `left` steps in all.
    fn walk(&mut self, band: usize, above: usize, left: usize) {
        let Some(this) = self.field.bands.get(band) else {
            self.found.extend(self.partial.choice(self.field));
            return;
        };
        let need = self.field.need();
        for percent in (0..=above).rev() {
            let Some(steps) = this.steps_to(percent).filter(|&steps| steps <= left) else { continue };
            let Some(rest) = self.reaches.of(band + 1, percent, left - steps) else { continue };
            let saved = self.partial.saved + this.saved[steps];
            let residue = saved + rest.least - need;
            if saved + rest.most < need || residue >= self.field.greatest_step() {
                continue;
            }
            if self.patience == 0 || !self.field.goes_on() {
                return;
            }
            self.patience -= 1;
            self.partial.set(self.field, band, steps);
            if !self.partial.could_be_raised(self.field, residue) {
                self.walk(band + 1, percent, left - steps);
            }
            self.partial.unset(self.field, band);
        }
    }
}
