//! The few shapes that the drawings need, written as SVG.

use crate::{fonts, text};
use std::fmt::Write;

pub(super) const INK: &str = "#1c2b39";
pub(super) const MUTED: &str = "#5a6772";
pub(super) const RULE: &str = "#d5dde5";
pub(super) const AXIS: &str = "#8c99a6";
/// Told apart by people who see colours otherwise, and in print without colours: they differ in lightness.
pub(super) const PALETTE: [&str; 8] =
    ["#0b4f8a", "#f0a030", "#2a9d8f", "#b3412e", "#8ab6dd", "#6b4c9a", "#a3b847", "#7a8591"];
/// Size of all lettering, in points.
pub(super) const TEXT: f64 = 8.5;

pub(super) type Point = (f64, f64);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

pub(super) struct Canvas {
    pub(super) width: f64,
    body: String,
}

impl Canvas {
    pub(super) fn new(width: f64) -> Self {
        Self { width, body: String::new() }
    }

    pub(super) fn rect(&mut self, (x, y): Point, (width, height): Point, fill: &str) {
        self.push(format_args!(
            r#"<rect x="{x:.2}" y="{y:.2}" width="{:.2}" height="{:.2}" fill="{fill}"/>"#,
            width.max(0.0),
            height.max(0.0)
        ));
    }

    pub(super) fn frame(&mut self, (x, y): Point, (width, height): Point, fill: &str, stroke: &str) {
        self.push(format_args!(
            r#"<rect x="{x:.2}" y="{y:.2}" width="{:.2}" height="{:.2}" rx="1.5" fill="{fill}" stroke="{stroke}" stroke-width="0.7"/>"#,
            width.max(0.0),
            height.max(0.0)
        ));
    }

    pub(super) fn line(&mut self, (x1, y1): Point, (x2, y2): Point, stroke: &str, width: f64) {
        self.push(format_args!(
            r#"<line x1="{x1:.2}" y1="{y1:.2}" x2="{x2:.2}" y2="{y2:.2}" stroke="{stroke}" stroke-width="{width}"/>"#
        ));
    }

    pub(super) fn path(&mut self, data: &str, fill: &str) {
        self.push(format_args!(r#"<path d="{data}" fill="{fill}" fill-rule="evenodd"/>"#));
    }

    pub(super) fn text(&mut self, at: Point, size: f64, bold: bool, fill: &str, anchor: Anchor, content: &str) {
        self.lettering(at, size, bold, fill, anchor, content, "");
    }

    /// Text that climbs to its end at `at`.
    pub(super) fn slanted(&mut self, (x, y): Point, size: f64, content: &str) {
        let turn = format!(r#" transform="rotate(-40 {x:.2} {y:.2})""#);
        self.lettering((x, y), size, false, INK, Anchor::End, content, &turn);
    }

    /// Text that climbs straight up from `at`.
    pub(super) fn climbing(&mut self, (x, y): Point, size: f64, content: &str) {
        let turn = format!(r#" transform="rotate(-90 {x:.2} {y:.2})""#);
        self.lettering((x, y), size, true, INK, Anchor::Start, content, &turn);
    }

    #[allow(clippy::too_many_arguments)] // one attribute each
    fn lettering(
        &mut self,
        (x, y): Point,
        size: f64,
        bold: bool,
        fill: &str,
        anchor: Anchor,
        content: &str,
        turn: &str,
    ) {
        let weight = if bold { 600 } else { 400 };
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let content = escaped(&text::plain_line(content));
        self.push(format_args!(
            r#"<text x="{x:.2}" y="{y:.2}" font-size="{size}" font-weight="{weight}" fill="{fill}" text-anchor="{anchor}"{turn}>{content}</text>"#
        ));
    }

    fn push(&mut self, shape: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.body, "{shape}");
    }

    /// The whole drawing, named for those who cannot see it.
    pub(super) fn finish(self, height: f64, title: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w:.2} {height:.2}\" width=\"{w:.2}\" \
             height=\"{height:.2}\" font-family=\"{}, Noto Sans, sans-serif\" role=\"img\">\n<title>{}</title>\n{}</svg>\n",
            fonts::FAMILY,
            escaped(&text::plain_line(title)),
            self.body,
            w = self.width,
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// White or ink, whichever reads better on a fill of the palette.
pub(super) fn on(fill: &str) -> &'static str {
    let channel = |from: usize| {
        let value = fill.get(from..from + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0);
        f64::from(value)
    };
    let lightness = 0.299 * channel(1) + 0.587 * channel(3) + 0.114 * channel(5);
    if lightness > 140.0 { INK } else { "#ffffff" }
}

/// Text cut to a width, with dots where it was cut.
pub(crate) fn ellipsis(content: &str, size: f64, bold: bool, width: f64) -> String {
    if fonts::width(content, size, bold) <= width {
        return content.to_owned();
    }
    let mut kept: String = content.to_owned();
    while !kept.is_empty() && fonts::width(&kept, size, bold) + fonts::width("…", size, bold) > width {
        kept.pop();
    }
    kept.trim_end().to_owned() + "…"
}

/// Text in at most so many lines of a width; what does not fit ends in dots.
pub(super) fn wrapped(content: &str, size: f64, width: f64, most: usize) -> Vec<String> {
    let content = text::plain_line(content);
    let mut lines: Vec<String> = Vec::new();
    for word in content.split(' ').filter(|w| !w.is_empty()) {
        let full = lines.len() == most;
        match lines.last_mut() {
            Some(line) if full || fonts::width(&format!("{line} {word}"), size, false) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.iter().map(|line| ellipsis(line, size, false, width)).collect()
}
