//! A ring of parts, with their names, values and shares beside it.

use super::canvas::{Anchor, Canvas, INK, MUTED, TEXT, on, wrapped};
use super::{colour, label};
use crate::chart::Chart;
use crate::{fonts, format};
use concilia_kernel::language::Language;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::f64::consts::TAU;

const OUTER: f64 = 74.0;
const INNER: f64 = 42.0;
const LINE: f64 = 11.0;
/// A smaller part of the ring has no room for its share, which stands beside the name alone.
const LEAST_LABELLED: f64 = 0.07;

pub(super) fn draw(chart: &Chart, language: Language, width: f64) -> String {
    let mut canvas = Canvas::new(width);
    let values: Vec<Decimal> =
        chart.series.iter().flat_map(|s| s.values.iter().map(|v| v.unwrap_or_default())).collect();
    let total: Decimal = values.iter().sum();
    let share = |v: Decimal| (v / total).to_f64().unwrap_or_default();
    let hundredths = |v: Decimal| (v * Decimal::ONE_HUNDRED / total).round_dp(1);
    let decimals = format::percent_decimals(values.iter().map(|v| hundredths(*v)));
    let entries: Vec<(Vec<String>, String, String)> = chart
        .categories
        .iter()
        .zip(&values)
        .map(|(name, v)| {
            let lines = wrapped(name, TEXT, width - 2.0 * OUTER - 190.0, 3);
            (lines, label(chart, language, *v), format::percent_to(language, hundredths(*v), decimals))
        })
        .collect();
    let tall: f64 = entries.iter().map(|(lines, ..)| lines.len() as f64 * LINE + 5.0).sum();
    let height = (2.0 * OUTER).max(tall) + 8.0;
    let centre = (OUTER + 10.0, height / 2.0);

    let mut angle = 0.0;
    for (index, value) in values.iter().enumerate() {
        let part = share(*value);
        canvas.path(&segment(centre, angle, part), colour(index));
        if part >= LEAST_LABELLED {
            let middle = (angle + part / 2.0) * TAU;
            let radius = f64::midpoint(OUTER, INNER);
            let at = (centre.0 + radius * middle.sin(), centre.1 - radius * middle.cos() + 2.8);
            let text = format::percent_to(language, hundredths(*value), decimals);
            canvas.text(at, 8.0, true, on(colour(index)), Anchor::Middle, &text);
        }
        angle += part;
    }
    let text = label(chart, language, total);
    let size = (11.0 * (2.0 * INNER - 10.0) / fonts::width(&text, 11.0, true)).min(11.0);
    canvas.text((centre.0, centre.1 + size * 0.35), size, true, INK, Anchor::Middle, &text);

    let left = centre.0 + OUTER + 26.0;
    let shares = entries.iter().map(|(.., s)| fonts::width(s, TEXT, false)).fold(0.0, f64::max);
    let mut y = (height - tall) / 2.0;
    for (index, (lines, value, share)) in entries.iter().enumerate() {
        canvas.rect((left, y + 1.5), (8.5, 8.5), colour(index));
        for (n, line) in lines.iter().enumerate() {
            canvas.text((left + 14.0, y + 9.2 + n as f64 * LINE), TEXT, false, INK, Anchor::Start, line);
        }
        canvas.text((width - shares - 10.0, y + 9.2), TEXT, true, INK, Anchor::End, value);
        canvas.text((width, y + 9.2), TEXT, false, MUTED, Anchor::End, share);
        y += lines.len() as f64 * LINE + 5.0;
    }
    canvas.finish(height, &chart.title)
}

/// A piece of the ring from one share of the turn over another, clockwise from the top.
fn segment(centre: (f64, f64), from: f64, part: f64) -> String {
    let at = |radius: f64, turn: f64| {
        let (sin, cos) = (turn * TAU).sin_cos();
        format!("{:.2} {:.2}", centre.0 + radius * sin, centre.1 - radius * cos)
    };
    if part > 0.9999 {
        let ring = |r: f64| {
            let (a, b) = (at(r, 0.0), at(r, 0.5));
            format!("M {a} A {r} {r} 0 0 1 {b} A {r} {r} 0 0 1 {a} Z")
        };
        return format!("{} {}", ring(OUTER), ring(INNER));
    }
    let to = from + part;
    let large = i32::from(part > 0.5);
    format!(
        "M {} A {OUTER} {OUTER} 0 {large} 1 {} L {} A {INNER} {INNER} 0 {large} 0 {} Z",
        at(OUTER, from),
        at(OUTER, to),
        at(INNER, to),
        at(INNER, from)
    )
}
