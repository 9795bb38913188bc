//! Charts and calendars of a PDF, drawn as SVG, in points.

mod bars;
mod canvas;
mod columns;
mod donut;
mod gantt;
mod scale;

use crate::chart::{Chart, ChartKind};
use crate::format;
use crate::gantt::Gantt;
pub(crate) use canvas::ellipsis;
use canvas::{Anchor, Canvas, INK, MUTED, PALETTE, TEXT};
use concilia_kernel::language::Language;
use rust_decimal::Decimal;
use scale::Scale;

/// The drawing in pieces of at most such a height, so that each fits on a page. The title is its accessible name; it is not
/// drawn.
pub(crate) fn chart_pieces(chart: &Chart, language: Language, width: f64, tallest: f64) -> Vec<String> {
    if chart.is_empty() {
        let mut canvas = Canvas::new(width);
        canvas.rect((0.0, 0.0), (width, 48.0), "#f3f6f9");
        canvas.text((width / 2.0, 28.0), TEXT, false, MUTED, Anchor::Middle, &chart.empty);
        return vec![canvas.finish(48.0, &chart.title)];
    }
    match chart.kind {
        ChartKind::Bars | ChartKind::StackedBars => bars::pieces(chart, language, width, tallest),
        ChartKind::Columns | ChartKind::StackedColumns => vec![columns::draw(chart, language, width)],
        ChartKind::Donut => vec![donut::draw(chart, language, width)],
    }
}

pub(crate) fn gantt_pieces(gantt: &Gantt, language: Language, width: f64, tallest: f64) -> Vec<String> {
    gantt::pieces(gantt, language, width, tallest)
}

/// Amounts on drawings drop the cents when none has any.
fn whole(chart: &Chart) -> bool {
    chart.series.iter().flat_map(|s| s.values.iter().flatten()).all(|v| v.fract().is_zero())
}

fn label(chart: &Chart, language: Language, value: Decimal) -> String {
    format::value(language, value, chart.unit, whole(chart))
}

/// A round number on the axis, without cents if the axis can do without.
fn tick_label(language: Language, chart: &Chart, scale: &Scale, tick: Decimal) -> String {
    format::value(language, tick, chart.unit, scale.ticks.iter().all(|tick| tick.fract().is_zero()))
}

fn colour(index: usize) -> &'static str {
    PALETTE.get(index % PALETTE.len()).copied().unwrap_or(INK)
}

/// Runs of consecutive lines that together are not taller than asked; a line taller than that stands alone.
fn pages(heights: &[f64], tallest: f64) -> Vec<std::ops::Range<usize>> {
    let mut pages = Vec::new();
    let (mut start, mut sum) = (0, 0.0);
    for (index, height) in heights.iter().enumerate() {
        if index > start && sum + height > tallest {
            pages.push(start..index);
            (start, sum) = (index, 0.0);
        }
        sum += height;
    }
    pages.push(start..heights.len());
    pages
}

/// Coloured squares with names, in as many lines as needed; the y below them.
fn legend(canvas: &mut Canvas, entries: &[(&str, &str)], left: f64, top: f64) -> f64 {
    let (mut x, mut y) = (left, top);
    for (name, fill) in entries {
        let name = ellipsis(name, TEXT, false, canvas.width - left - 14.0);
        let advance = 14.0 + crate::fonts::width(&name, TEXT, false) + 16.0;
        if x > left && x + advance - 16.0 > canvas.width {
            x = left;
            y += 14.0;
        }
        canvas.rect((x, y), (8.5, 8.5), fill);
        canvas.text((x + 13.0, y + 7.7), TEXT, false, INK, Anchor::Start, &name);
        x += advance;
    }
    y + 20.0
}

/// The legend of the series; none for a single one.
fn series_legend(canvas: &mut Canvas, chart: &Chart, left: f64) -> f64 {
    if chart.series.len() < 2 {
        return 4.0;
    }
    let entries: Vec<(&str, &str)> =
        chart.series.iter().enumerate().map(|(i, s)| (s.name.as_str(), colour(i))).collect();
    legend(canvas, &entries, left, 2.0)
}

#[cfg(test)]
mod tests;
