//! Choices by how evenly they cut: within a narrow spread of relative cuts, then within one twice as wide, until there
//! are enough. All choices within a spread come before those beyond it.

use super::Choice;
use super::field::{BandField, Field, Partial};

/// The first spread: one hundredth of the starting percentages, in millionths.
const NARROWEST: i64 = 10_000;

pub fn search(field: &Field, limit: usize) -> Vec<Choice> {
    let relative =
        |steps: fn(&BandField) -> usize| field.bands.iter().map(move |band| band.relative_cut(steps(band)));
    let smallest = relative(|_| 0).min().unwrap_or(0);
    let greatest = relative(BandField::most_steps).max().unwrap_or(0);
    let widest = greatest - smallest;
    let mut spread = NARROWEST.min(widest);
    loop {
        let mut found = vec![];
        let mut window = Window { field, spread, partial: Partial::new(field), found: &mut found };
        window.walk(0, None);
        if found.len() >= limit || spread >= widest || field.gave_up() {
            return found;
        }
        spread = (spread * 2).min(widest);
    }
}

struct Window<'f> {
    field: &'f Field,
    /// Greatest spread of relative cuts.
    spread: i64,
    partial: Partial,
    found: &'f mut Vec<Choice>,
}

/// Smallest and greatest relative cut of the bands fixed so far.
type Cuts = Option<(i64, i64)>;

impl Window<'_> {
    /// Fixes the bands from `depth` on.
    fn walk(&mut self, depth: usize, cuts: Cuts) {
        let Some(&band) = self.field.by_money.get(depth) else {
            self.found.extend(self.partial.choice(self.field));
            return;
        };
        let (least, most) = self.partial.range(self.field, band);
        let need = self.field.need();
        for steps in least..=most {
            let cut = self.field.bands[band].relative_cut(steps);
            let (low, high) = cuts.map_or((cut, cut), |(low, high)| (low.min(cut), high.max(cut)));
            if high - low > self.spread {
                continue;
            }
            self.partial.set(self.field, band, steps);
            let rest = self.rest(depth + 1, (high - self.spread, low + self.spread));
            if let Some(rest) = rest.filter(|rest| self.partial.saved + rest.most >= need) {
                let residue = self.partial.saved + rest.least - need;
                if residue >= self.field.greatest_step() || !self.field.goes_on() {
                    self.partial.unset(self.field, band);
                    return;
                }
                if !self.partial.could_be_raised(self.field, residue) {
                    self.walk(depth + 1, Some((low, high)));
                }
            }
            self.partial.unset(self.field, band);
        }
    }

    /// The least and the most that the bands from `depth` on can save with relative cuts within these bounds.
    fn rest(&self, depth: usize, (lowest, highest): (i64, i64)) -> Option<Rest> {
        let mut rest = Rest { least: 0, most: 0 };
        for &band in &self.field.by_money[depth..] {
            let (least, most) = self.partial.range(self.field, band);
            let band = &self.field.bands[band];
            let first = least.max(band.first_step(|cut| cut >= lowest));
            let past = (most + 1).min(band.first_step(|cut| cut > highest));
            if first >= past {
                return None;
            }
            rest.least += band.saved[first];
            rest.most += band.saved[past - 1];
        }
        Some(rest)
    }
}

/// What the bands not yet fixed can save, in cents.
struct Rest {
    least: i64,
    most: i64,
}
