//! Standing columns, side by side or stacked.

use super::canvas::{AXIS, Anchor, Canvas, INK, MUTED, RULE, TEXT, ellipsis, on, wrapped};
use super::scale::Scale;
use super::{colour, label, series_legend, tick_label};
use crate::chart::{Chart, ChartKind};
use crate::fonts;
use concilia_kernel::language::Language;
use rust_decimal::Decimal;

const HEIGHT: f64 = 170.0;

struct Frame<'a> {
    chart: &'a Chart,
    language: Language,
    scale: Scale,
    left: f64,
    top: f64,
    band: f64,
    figures: Figures,
}

/// How the values of columns side by side are written: all of them alike.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Figures {
    Level,
    Climbing,
    /// The columns are narrower than letters are tall.
    Omitted,
}

impl Frame<'_> {
    fn y(&self, value: Decimal) -> f64 {
        self.top + (1.0 - self.scale.at(value)) * HEIGHT
    }
}

pub(super) fn draw(chart: &Chart, language: Language, width: f64) -> String {
    let mut canvas = Canvas::new(width);
    let scale = Scale::of(chart);
    let ticks = scale.ticks.iter().map(|t| fonts::width(&tick_label(language, chart, &scale, *t), 7.5, false));
    let left = ticks.fold(0.0, f64::max) + 6.0;
    let band = (width - left) / chart.categories.len().max(1) as f64;
    let (figures, headroom) = figures(chart, language, band);
    let top = series_legend(&mut canvas, chart, left) + headroom;
    let frame = Frame { chart, language, scale, left, top, band, figures };
    for tick in &frame.scale.ticks {
        let y = frame.y(*tick);
        canvas.line((left, y), (width, y), RULE, 0.5);
        let text = tick_label(language, chart, &frame.scale, *tick);
        canvas.text((left - 4.0, y + 2.6), 7.5, false, MUTED, Anchor::End, &text);
    }
    for index in 0..chart.categories.len() {
        if chart.kind == ChartKind::StackedColumns {
            stack(&mut canvas, &frame, index);
        } else {
            side_by_side(&mut canvas, &frame, index);
        }
    }
    let zero = frame.y(Decimal::ZERO);
    canvas.line((left, zero), (width, zero), AXIS, 0.8);
    let below = names(&mut canvas, &frame);
    canvas.finish(top + HEIGHT + below, &chart.title)
}

/// Width of a column of those side by side, and what its value may take without meeting another's.
fn thickness(chart: &Chart, band: f64) -> (f64, f64) {
    let count = chart.series.len().max(1) as f64;
    let thick = (band * 0.72 / count).min(44.0);
    (thick, if count > 1.0 { thick + 1.0 } else { band - 2.0 })
}

/// How values are written, and the height that they take above the highest column.
fn figures(chart: &Chart, language: Language, band: f64) -> (Figures, f64) {
    let values = chart.series.iter().flat_map(|s| s.values.iter().flatten());
    let longest = values.map(|v| fonts::width(&label(chart, language, *v), 7.5, true)).fold(0.0, f64::max);
    match thickness(chart, band) {
        _ if chart.kind == ChartKind::StackedColumns => (Figures::Level, 8.0),
        (_, room) if longest <= room => (Figures::Level, 8.0),
        (thick, _) if thick >= 7.5 => (Figures::Climbing, longest + 4.0),
        _ => (Figures::Omitted, 8.0),
    }
}

/// The categories' names under the axis; the height they take.
fn names(canvas: &mut Canvas, frame: &Frame<'_>) -> f64 {
    let base = frame.top + HEIGHT;
    let centre = |index: usize| frame.left + (index as f64 + 0.5) * frame.band;
    let room = frame.band - 4.0;
    let words = frame.chart.categories.iter().flat_map(|name| name.split(' '));
    if words.map(|w| fonts::width(w, TEXT, false)).fold(0.0, f64::max) <= room {
        let mut lines = 1;
        for (index, name) in frame.chart.categories.iter().enumerate() {
            let rows = wrapped(name, TEXT, room, 3);
            lines = lines.max(rows.len());
            for (n, row) in rows.iter().enumerate() {
                canvas.text((centre(index), base + 12.0 + n as f64 * 10.0), TEXT, false, INK, Anchor::Middle, row);
            }
        }
        return 8.0 + lines as f64 * 10.0;
    }
    // Too narrow to stand upright: names climb, and with very many columns only some are named.
    let every = (9.0 / frame.band).ceil().max(1.0) as usize;
    let mut longest: f64 = 0.0;
    for (index, name) in frame.chart.categories.iter().enumerate().step_by(every) {
        let name = ellipsis(name, 7.5, false, 96.0_f64.min(centre(index) / 0.77));
        longest = longest.max(fonts::width(&name, 7.5, false));
        canvas.slanted((centre(index) + 3.0, base + 9.0), 7.5, &name);
    }
    16.0 + longest * 0.65
}

fn side_by_side(canvas: &mut Canvas, frame: &Frame<'_>, index: usize) {
    let (count, (thick, _)) = (frame.chart.series.len().max(1) as f64, thickness(frame.chart, frame.band));
    let start = frame.left + (index as f64 + 0.5) * frame.band - thick * count / 2.0;
    let zero = frame.y(Decimal::ZERO);
    for (n, series) in frame.chart.series.iter().enumerate() {
        let Some(value) = series.values.get(index).copied().flatten() else { continue };
        let (x, y) = (start + n as f64 * thick, frame.y(value));
        canvas.rect((x, zero.min(y)), ((thick - 1.0).max(0.5), (y - zero).abs()), colour(n));
        let text = label(frame.chart, frame.language, value);
        match frame.figures {
            Figures::Level => {
                let above = if y > zero { y + 9.0 } else { y - 3.0 };
                canvas.text((x + thick / 2.0, above), 7.5, true, INK, Anchor::Middle, &text);
            }
            Figures::Climbing => canvas.climbing((x + thick / 2.0 + 2.6, y.min(zero) - 3.0), 7.5, &text),
            Figures::Omitted => {}
        }
    }
}

fn stack(canvas: &mut Canvas, frame: &Frame<'_>, index: usize) {
    let thick = (frame.band * 0.66).min(56.0);
    let x = frame.left + (index as f64 + 0.5) * frame.band - thick / 2.0;
    let (mut up, mut down) = (Decimal::ZERO, Decimal::ZERO);
    for (n, series) in frame.chart.series.iter().enumerate() {
        let Some(value) = series.values.get(index).copied().flatten() else { continue };
        let base = if value < Decimal::ZERO { &mut down } else { &mut up };
        let (from, to) = (frame.y(*base), frame.y(*base + value));
        *base += value;
        let (top, tall) = (from.min(to), (to - from).abs());
        canvas.rect((x, top), (thick, (tall - 0.6).max(0.3)), colour(n));
        let text = label(frame.chart, frame.language, value);
        if tall > 10.0 && fonts::width(&text, 7.5, true) + 2.0 < thick {
            let fill = on(colour(n));
            canvas.text((x + thick / 2.0, top + tall / 2.0 + 2.6), 7.5, true, fill, Anchor::Middle, &text);
        }
    }
    let text = label(frame.chart, frame.language, up);
    if frame.chart.series.len() > 1 && down.is_zero() && fonts::width(&text, 7.5, true) <= frame.band - 2.0 {
        canvas.text((x + thick / 2.0, frame.y(up) - 3.0), 7.5, true, INK, Anchor::Middle, &text);
    }
}
