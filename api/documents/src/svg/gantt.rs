//! A calendar of activities: years and months across, activities down.

use super::canvas::{Anchor, Canvas, INK, MUTED, RULE, TEXT, wrapped};
use super::legend;
use crate::format::month_name;
use crate::gantt::{Gantt, GanttRow};
use chrono::{Datelike, Days, NaiveDate};
use concilia_kernel::language::Language;

const PLANNED: &str = "#8ab6dd";
const ACTUAL: &str = "#0b4f8a";
const MILESTONE: &str = "#b3412e";
const HEAD: f64 = 28.0;
/// Lines of a label before it is cut.
const LABEL_LINES: usize = 6;

struct Frame<'a> {
    gantt: &'a Gantt,
    left: f64,
    month: f64,
}

impl Frame<'_> {
    fn right(&self) -> f64 {
        self.left + self.month * self.gantt.months() as f64
    }

    /// Where a day begins, each month being as wide as the next.
    fn x(&self, day: NaiveDate) -> f64 {
        let first = self.gantt.month(0);
        let months = (day.year() - first.year()) * 12 + day.month0() as i32 - first.month0() as i32;
        let days = f64::from(day.num_days_in_month());
        let x = self.left + (f64::from(months) + f64::from(day.day0()) / days) * self.month;
        x.clamp(self.left, self.right())
    }
}

pub(super) fn pieces(gantt: &Gantt, language: Language, width: f64, tallest: f64) -> Vec<String> {
    let left = if gantt.months() > 24 { width * 0.28 } else { width * 0.36 };
    let frame = Frame { gantt, left, month: (width - left) / gantt.months().max(1) as f64 };
    let least: f64 = if gantt.has_actual() { 20.0 } else { 17.0 };
    let mut lines: Vec<Line<'_>> = Vec::with_capacity(gantt.rows.len());
    for row in &gantt.rows {
        let label = wrapped(&row.label, TEXT, left - 10.0, LABEL_LINES);
        lines.push(Line { row, height: least.max(label.len() as f64 * 10.0 + 6.0), label });
    }
    let heights: Vec<f64> = lines.iter().map(|line| line.height).collect();
    let parts = super::pages(&heights, tallest - HEAD - 24.0).into_iter();
    parts.map(|part| piece(&frame, language, width, lines.get(part).unwrap_or_default())).collect()
}

/// One activity: its label in lines, and the height it takes.
struct Line<'a> {
    row: &'a GanttRow,
    label: Vec<String>,
    height: f64,
}

fn piece(frame: &Frame<'_>, language: Language, width: f64, lines: &[Line<'_>]) -> String {
    let mut canvas = Canvas::new(width);
    let gantt = frame.gantt;
    let mut top = 0.0;
    if gantt.has_actual() {
        top = legend(&mut canvas, &[(&gantt.planned, PLANNED), (&gantt.actual, ACTUAL)], frame.left, 0.0);
    }
    let body = if lines.is_empty() { 20.0 } else { lines.iter().map(|line| line.height).sum() };
    let bottom = top + HEAD + body;
    let mut y = top + HEAD;
    if lines.is_empty() {
        head(&mut canvas, frame, language, top, y);
        canvas.text((width / 2.0, y + 13.0), TEXT, false, MUTED, Anchor::Middle, &gantt.empty);
    } else {
        head(&mut canvas, frame, language, top, bottom);
    }
    for line in lines {
        let start = y + (line.height - line.label.len() as f64 * 10.0) / 2.0;
        for (n, text) in line.label.iter().enumerate() {
            canvas.text((4.0, start + 7.8 + n as f64 * 10.0), TEXT, false, INK, Anchor::Start, text);
        }
        spans(&mut canvas, frame, line.row, y, line.height);
        y += line.height;
        canvas.line((0.0, y), (width, y), RULE, 0.5);
    }
    canvas.finish(bottom + 1.0, &gantt.title)
}

fn head(canvas: &mut Canvas, frame: &Frame<'_>, language: Language, top: f64, bottom: f64) {
    let width = canvas.width;
    canvas.rect((0.0, top), (width, HEAD), "#17324d");
    canvas.text((4.0, top + 17.5), TEXT, true, "#ffffff", Anchor::Start, &frame.gantt.label);
    // The months are named as finely as there is room: three letters, one, or only the quarters.
    let letters = if frame.month >= 17.0 { 3 } else { 1 };
    let every = if frame.month >= 7.0 { 1 } else { 3 };
    for index in 0..frame.gantt.months() {
        let month = frame.gantt.month(index);
        let x = frame.left + index as f64 * frame.month;
        let january = month.month() == 1;
        if january || index == 0 {
            let rest = (12 - month.month0() as usize).min(frame.gantt.months() - index);
            let room = rest as f64 * frame.month;
            if room > 20.0 {
                let text = month.year().to_string();
                canvas.text((x + room / 2.0, top + 11.0), TEXT, true, "#ffffff", Anchor::Middle, &text);
            }
        }
        let quarter = month.month0().is_multiple_of(3);
        if every == 1 {
            let name: String = month_name(language, month).chars().take(letters).collect();
            let name = if letters == 1 { name.to_uppercase() } else { name };
            canvas.text((x + frame.month / 2.0, top + 23.0), 7.0, false, "#dbe6f0", Anchor::Middle, &name);
        } else if quarter && frame.month * 3.0 >= 8.0 {
            let number = (month.month0() / 3 + 1).to_string();
            canvas.text((x + frame.month * 1.5, top + 23.0), 7.0, false, "#dbe6f0", Anchor::Middle, &number);
        }
        if every == 1 || quarter {
            let (stroke, thick) = if january { ("#8c99a6", 0.8) } else { (RULE, 0.4) };
            canvas.line((x, top + HEAD), (x, bottom), stroke, thick);
        }
    }
}

fn spans(canvas: &mut Canvas, frame: &Frame<'_>, row: &GanttRow, y: f64, height: f64) {
    let both = frame.gantt.has_actual();
    let (thick, middle) = (if both { 7.0 } else { 9.0 }, y + height / 2.0);
    let bar = |canvas: &mut Canvas, spans: &[(NaiveDate, NaiveDate)], top: f64, fill: &str| {
        for (from, to) in spans {
            let (start, end) = (frame.x(*from), frame.x(to.checked_add_days(Days::new(1)).unwrap_or(*to)));
            if end > start {
                canvas.frame((start, top), ((end - start).max(1.5), thick), fill, fill);
            }
        }
    };
    let planned_fill = if both { PLANNED } else { ACTUAL };
    let planned_top = if both { middle - thick - 0.5 } else { middle - thick / 2.0 };
    bar(canvas, &row.planned, planned_top, planned_fill);
    bar(canvas, &row.actual, middle + 0.5, ACTUAL);
    let (first, last) = (frame.gantt.from, frame.gantt.to);
    let inside = |day: &&NaiveDate| {
        (day.year(), day.month()) >= (first.year(), first.month())
            && (day.year(), day.month()) <= (last.year(), last.month())
    };
    for day in row.milestones.iter().filter(inside) {
        let x = frame.x(*day).min(frame.right() - 4.5);
        let diamond = format!("M {x:.2} {:.2} l 4.5 4.5 l -4.5 4.5 l -4.5 -4.5 Z", middle - 4.5);
        canvas.path(&diamond, MILESTONE);
    }
}
