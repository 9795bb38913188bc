//! Lying bars, side by side or stacked.

use super::canvas::{AXIS, Anchor, Canvas, INK, RULE, TEXT, on, wrapped};
use super::scale::Scale;
use super::{colour, label, series_legend, tick_label};
use crate::chart::{Chart, ChartKind};
use crate::fonts;
use concilia_kernel::language::Language;
use rust_decimal::Decimal;

const GAP: f64 = 7.0;
/// Lines of a name before it is cut.
const NAME_LINES: usize = 6;
/// Height kept for the legend and the axis.
const FURNITURE: f64 = 60.0;

pub(super) fn pieces(chart: &Chart, language: Language, width: f64, tallest: f64) -> Vec<String> {
    let scale = Scale::of(chart);
    let widest = chart.categories.iter().map(|n| fonts::width(n, TEXT, false)).fold(0.0, f64::max);
    let column = widest.min(width * 0.36);
    let values = chart.series.iter().flat_map(|s| s.values.iter().flatten().copied());
    let sums = (0..chart.categories.len()).filter_map(|index| sum(chart, index));
    let shown: Vec<Decimal> = if stacked(chart) { sums.collect() } else { values.collect() };
    let wide = |value: &Decimal| fonts::width(&label(chart, language, *value), TEXT, true);
    let room = shown.iter().map(wide).fold(4.0, f64::max) + 6.0;
    let frame =
        Frame { chart, language, scale: &scale, column, left: column + 8.0, right: width - room.max(24.0) };
    let lines: Vec<Line> = (0..chart.categories.len()).map(|index| frame.line(index)).collect();
    let heights: Vec<f64> = lines.iter().map(|line| line.height).collect();
    let parts = super::pages(&heights, tallest - FURNITURE).into_iter();
    parts.map(|part| piece(&frame, width, lines.get(part).unwrap_or_default())).collect()
}

fn stacked(chart: &Chart) -> bool {
    chart.kind == ChartKind::StackedBars
}

/// What a stacked bar comes to, told at its end: its parts may be too short for their numbers. Nothing for a single part,
/// and where parts fall below zero.
fn sum(chart: &Chart, index: usize) -> Option<Decimal> {
    let values: Vec<Decimal> =
        chart.series.iter().filter_map(|s| s.values.get(index).copied().flatten()).collect();
    (chart.series.len() > 1 && values.iter().all(|v| *v >= Decimal::ZERO)).then(|| values.iter().sum())
}

struct Frame<'a> {
    chart: &'a Chart,
    language: Language,
    scale: &'a Scale,
    /// Width of the names.
    column: f64,
    left: f64,
    right: f64,
}

/// One category: its name in lines, and the height it takes.
struct Line {
    index: usize,
    name: Vec<String>,
    height: f64,
}

impl Frame<'_> {
    fn x(&self, value: Decimal) -> f64 {
        self.left + self.scale.at(value) * (self.right - self.left)
    }

    /// Thickness of a bar, and how many stand beside each other.
    fn bars(&self) -> (f64, f64) {
        let beside = if stacked(self.chart) { 1 } else { self.chart.series.len() };
        (if beside == 1 { 15.0 } else { 11.0 }, beside as f64)
    }

    fn line(&self, index: usize) -> Line {
        let name = self.chart.categories.get(index).map_or("", String::as_str);
        let name = wrapped(name, TEXT, self.column, NAME_LINES);
        let (thickness, beside) = self.bars();
        let height = (thickness * beside).max(name.len() as f64 * 10.0) + GAP;
        Line { index, name, height }
    }
}

fn piece(frame: &Frame<'_>, width: f64, lines: &[Line]) -> String {
    let mut canvas = Canvas::new(width);
    let top = series_legend(&mut canvas, frame.chart, frame.left);
    let (thickness, beside) = frame.bars();
    let bottom = top + lines.iter().map(|line| line.height).sum::<f64>();
    grid(&mut canvas, frame, top, bottom);
    let mut y = top;
    for line in lines {
        let middle = y + line.height / 2.0;
        for (n, text) in line.name.iter().enumerate() {
            let offset = (n as f64 - (line.name.len() as f64 - 1.0) / 2.0) * 10.0;
            canvas.text((frame.column, middle + offset + 3.0), TEXT, false, INK, Anchor::End, text);
        }
        let first = middle - thickness * beside / 2.0;
        if stacked(frame.chart) {
            stack(&mut canvas, frame, line.index, first, thickness);
        } else {
            side_by_side(&mut canvas, frame, line.index, first, thickness);
        }
        y += line.height;
    }
    canvas.line((frame.x(Decimal::ZERO), top), (frame.x(Decimal::ZERO), bottom), AXIS, 0.8);
    canvas.finish(bottom + 16.0, &frame.chart.title)
}

fn grid(canvas: &mut Canvas, frame: &Frame<'_>, top: f64, bottom: f64) {
    let mut free = f64::MIN;
    for tick in &frame.scale.ticks {
        let x = frame.x(*tick);
        canvas.line((x, top), (x, bottom), RULE, 0.5);
        let text = tick_label(frame.language, frame.chart, frame.scale, *tick);
        let half = fonts::width(&text, 7.5, false) / 2.0;
        let centre = x.min(canvas.width - half);
        if centre - half > free {
            canvas.text((centre, bottom + 11.0), 7.5, false, super::MUTED, Anchor::Middle, &text);
            free = centre + half + 4.0;
        }
    }
}

fn side_by_side(canvas: &mut Canvas, frame: &Frame<'_>, index: usize, first: f64, thickness: f64) {
    let zero = frame.x(Decimal::ZERO);
    for (n, series) in frame.chart.series.iter().enumerate() {
        let Some(value) = series.values.get(index).copied().flatten() else { continue };
        let (x, y) = (frame.x(value), first + n as f64 * thickness);
        canvas.rect((zero.min(x), y), ((x - zero).abs(), thickness - 1.0), colour(n));
        let text = label(frame.chart, frame.language, value);
        canvas.text((x.max(zero) + 4.0, y + thickness / 2.0 + 2.6), TEXT, true, INK, Anchor::Start, &text);
    }
}

fn stack(canvas: &mut Canvas, frame: &Frame<'_>, index: usize, y: f64, thickness: f64) {
    let (mut up, mut down) = (Decimal::ZERO, Decimal::ZERO);
    for (n, series) in frame.chart.series.iter().enumerate() {
        let Some(value) = series.values.get(index).copied().flatten() else { continue };
        let base = if value < Decimal::ZERO { &mut down } else { &mut up };
        let (from, to) = (frame.x(*base), frame.x(*base + value));
        *base += value;
        let (left, long) = (from.min(to), (to - from).abs());
        canvas.rect((left, y), ((long - 0.6).max(0.3), thickness), colour(n));
        let text = label(frame.chart, frame.language, value);
        if fonts::width(&text, 7.5, true) + 4.0 < long {
            let fill = on(colour(n));
            canvas.text((left + long / 2.0, y + thickness / 2.0 + 2.6), 7.5, true, fill, Anchor::Middle, &text);
        }
    }
    if let Some(sum) = sum(frame.chart, index) {
        let text = label(frame.chart, frame.language, sum);
        canvas.text((frame.x(sum) + 4.0, y + thickness / 2.0 + 2.6), TEXT, true, INK, Anchor::Start, &text);
    }
}
