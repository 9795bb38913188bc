//! How wide the columns of a table are, and how large its letters.

use super::data::RowData;
use crate::fonts;
use crate::table::{ColumnKind, Table};
use crate::text::line;

const LARGEST: f64 = 9.0;
const SMALLEST: f64 = 5.0;
/// Widths that a text column wants at least and at most, in ems: about ten and forty letters.
const LEAST_TEXT: f64 = 5.5;
const MOST_TEXT: f64 = 20.0;

pub(super) struct Layout {
    /// Size of the letters, in points.
    pub(super) size: f64,
    /// Space left and right in a cell, in points.
    pub(super) inset: f64,
    /// In points; without a width, a column takes its share of what the others leave.
    pub(super) widths: Vec<Option<f64>>,
}

/// Widths in ems that a column needs, and that it would like.
struct Wish {
    least: f64,
    natural: f64,
}

/// The largest letters at which no number is broken and texts keep a readable width; headings stay on one line where
/// there is room.
pub(super) fn fit(table: &Table, rows: &[RowData], width: f64) -> Layout {
    let inset = if table.columns.len() > 7 { 3.0 } else { 5.0 };
    let room = width - 2.0 * inset * table.columns.len() as f64;
    let wishes: Vec<Wish> = (0..table.columns.len()).map(|index| wish(table, rows, index)).collect();
    let least: f64 = wishes.iter().map(|w| w.least).sum();
    let size = ((room / least.max(1.0) * 4.0).floor() / 4.0).clamp(SMALLEST, LARGEST);
    let text = |index: usize| table.columns.get(index).is_some_and(|c| c.kind == ColumnKind::Text);
    if !(0..wishes.len()).any(text) {
        return Layout { size, inset, widths: vec![None; wishes.len()] };
    }
    let spare = room / size
        - wishes.iter().enumerate().map(|(i, w)| if text(i) { w.natural } else { w.least }).sum::<f64>();
    let wanted: f64 = wishes.iter().enumerate().filter(|(i, _)| !text(*i)).map(|(_, w)| w.natural - w.least).sum();
    let granted = if wanted > 0.0 { (spare / wanted).clamp(0.0, 1.0) } else { 0.0 };
    let width = |(index, wish): (usize, &Wish)| {
        let ems = wish.least + (wish.natural - wish.least) * granted;
        (!text(index)).then_some(ems * size + 2.0 * inset)
    };
    Layout { size, inset, widths: wishes.iter().enumerate().map(width).collect() }
}

fn wish(table: &Table, rows: &[RowData], index: usize) -> Wish {
    let Some(column) = table.columns.get(index) else { return Wish { least: 0.0, natural: 0.0 } };
    let wide = |text: &str| fonts::width(text, 1.0, true) * 1.01;
    let title = line(&column.title);
    let word = title.split(' ').map(wide).fold(0.0, f64::max);
    let cells = rows.iter().filter(|row| row.kind == "cells").filter_map(|row| row.cells.get(index));
    let widest = cells.map(|cell| wide(cell)).fold(0.0, f64::max);
    if column.kind == ColumnKind::Text {
        let natural = widest.max(wide(&title)).clamp(LEAST_TEXT, MOST_TEXT);
        return Wish { least: LEAST_TEXT, natural };
    }
    // The sums are set in a row whose first cell spans several columns: count from the end.
    let from_end = table.columns.len() - index;
    let sums = rows.iter().filter(|row| row.kind == "subtotal" || row.kind == "total");
    let sums = sums.filter_map(|row| row.cells.len().checked_sub(from_end).and_then(|at| row.cells.get(at)));
    let sum = if column.summed { sums.map(|cell| wide(cell)).fold(0.0, f64::max) } else { 0.0 };
    let least = widest.min(MOST_TEXT).max(sum).max(word.min(MOST_TEXT));
    Wish { least, natural: least.max(wide(&title).min(MOST_TEXT)) }
}
