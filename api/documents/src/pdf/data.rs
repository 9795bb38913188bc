//! What the template reads: the document with every value already written out in its language.

use super::layout;
use crate::chart::Chart;
use crate::document::{Act, Block, Document, Run, SignatureBlock, Style};
use crate::gantt::Gantt;
use crate::table::{Cell, ColumnKind, Row, Table};
use crate::text::{line, paragraph, plain_line};
use crate::{fonts, format, grammar, svg};
use chrono::Datelike;
use concilia_kernel::language::Language;
use serde::Serialize;

/// Width between the margins of a page of A4, upright and turned, in points.
const UPRIGHT: f64 = 481.9;
const TURNED: f64 = 728.5;
/// Height that a drawing with its caption may take on a page, upright and turned.
const TALL: f64 = 660.0;
const TALL_TURNED: f64 = 410.0;

#[derive(Serialize)]
pub(super) struct PageData {
    language: &'static str,
    region: &'static str,
    title: String,
    description: Option<String>,
    subtitle: Option<String>,
    running_agency: String,
    running_title: String,
    reference: String,
    act: Option<String>,
    date: Day,
    watermark: Option<String>,
    watermark_size: f64,
    cover: bool,
    day: String,
    agency: AgencyData,
    page_words: [&'static str; 2],
    words: Words,
    key_width: f64,
    blocks: Vec<BlockData>,
}

#[derive(Serialize)]
struct Day {
    year: i32,
    month: u32,
    day: u32,
}

#[derive(Serialize)]
struct AgencyData {
    name: String,
    details: Vec<String>,
}

#[derive(Serialize)]
struct Words {
    table: &'static str,
    chart: &'static str,
    contents: &'static str,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum BlockData {
    Heading { level: u8, numbered: bool, text: String },
    Paragraph { runs: Vec<RunData> },
    Formula { text: String },
    Centred { runs: Vec<RunData> },
    Display { text: String },
    List { ordered: bool, items: Vec<Vec<RunData>> },
    Note { runs: Vec<RunData> },
    KeyValues { pairs: Vec<(String, String)> },
    Table(TableData),
    Drawing { title: Option<String>, pieces: Vec<Piece> },
    Signatures { place_and_date: Option<String>, signatures: Vec<SignatureData> },
    PageBreak,
    Landscape { blocks: Vec<BlockData> },
}

#[derive(Serialize)]
struct RunData {
    text: String,
    style: &'static str,
}

#[derive(Serialize)]
struct TableData {
    caption: Option<String>,
    columns: Vec<ColumnData>,
    rows: Vec<RowData>,
    size: f64,
    inset: f64,
}

#[derive(Serialize)]
struct ColumnData {
    title: String,
    align: &'static str,
    share: u32,
    width: Option<f64>,
}

#[derive(Serialize)]
pub(super) struct RowData {
    pub(super) kind: &'static str,
    pub(super) cells: Vec<String>,
    label_span: usize,
}

#[derive(Serialize)]
struct Piece {
    svg: String,
    alt: String,
}

#[derive(Serialize)]
struct SignatureData {
    role: String,
    name: String,
    note: Option<String>,
}

pub(super) fn page_data(document: &Document) -> PageData {
    let language = document.language;
    let italian = language == Language::Italian;
    let act = document.act.as_ref().map(|act| act_line(language, act));
    let title = plain_line(&document.title);
    let watermark = document.watermark.as_deref().map(plain_line);
    let widest = watermark.as_deref().map_or(1.0, |w| fonts::width(w, 1.0, true)).max(1.0);
    PageData {
        language: language.tag(),
        region: if italian { "IT" } else { "GB" },
        description: document.subtitle.as_deref().map(plain_line),
        subtitle: document.subtitle.as_deref().map(paragraph),
        running_agency: fit(&plain_line(&document.agency.name), 8.0, UPRIGHT / 2.0 - 24.0),
        running_title: fit(&title, 8.0, UPRIGHT / 2.0 - 12.0),
        reference: fit(act.as_deref().unwrap_or(&title), 8.0, UPRIGHT - 90.0),
        title,
        act,
        date: Day { year: document.date.year(), month: document.date.month(), day: document.date.day() },
        watermark_size: (560.0 / widest).min(130.0),
        watermark,
        cover: document.cover,
        day: format::long_date(language, document.date),
        agency: AgencyData {
            name: plain_line(&document.agency.name),
            details: document.agency.details.iter().map(|detail| plain_line(detail)).collect(),
        },
        page_words: if italian { ["pagina", "di"] } else { ["page", "of"] },
        words: if italian {
            Words { table: "Tabella", chart: "Grafico", contents: "Indice" }
        } else {
            Words { table: "Table", chart: "Chart", contents: "Contents" }
        },
        key_width: key_width(&document.blocks),
        blocks: Setter { language, turned: false }.blocks(&document.blocks),
    }
}

fn act_line(language: Language, act: &Act) -> String {
    plain_line(&grammar::dated(language, &act.title, act.date))
}

/// One line cut to a width.
fn fit(content: &str, size: f64, width: f64) -> String {
    svg::ellipsis(content, size, false, width)
}

/// All pairs of a document align: the width of the longest label.
fn key_width(blocks: &[Block]) -> f64 {
    let widest = |block: &Block| match block {
        Block::KeyValues(pairs) => {
            pairs.iter().map(|(key, _)| fonts::width(key, 10.0, false) + 1.0).fold(0.0, f64::max)
        }
        Block::Landscape(inner) => key_width(inner),
        _ => 0.0,
    };
    blocks.iter().map(widest).fold(0.0, f64::max)
}

struct Setter {
    language: Language,
    turned: bool,
}

impl Setter {
    /// Levels of headings never skip one, as readers of the structure expect.
    fn blocks(&self, blocks: &[Block]) -> Vec<BlockData> {
        let mut deepest = 0;
        let mut out = Vec::with_capacity(blocks.len());
        for block in blocks {
            if let Block::Heading { level, text, numbered } = block {
                let text = line(text);
                // A heading that says nothing cannot be in an accessible document.
                if !text.trim().is_empty() {
                    deepest = (*level).clamp(1, 3).min(deepest + 1);
                    out.push(BlockData::Heading { level: deepest, numbered: *numbered, text });
                }
            } else {
                out.push(self.block(block));
            }
        }
        out
    }

    fn width(&self) -> f64 {
        if self.turned { TURNED } else { UPRIGHT }
    }

    fn height(&self) -> f64 {
        if self.turned { TALL_TURNED } else { TALL }
    }

    fn block(&self, block: &Block) -> BlockData {
        match block {
            Block::Heading { level, text, numbered } => {
                BlockData::Heading { level: *level, numbered: *numbered, text: line(text) }
            }
            Block::Paragraph(runs) => BlockData::Paragraph { runs: run_data(runs) },
            Block::Formula(text) => BlockData::Formula { text: line(text) },
            Block::Centred(runs) => BlockData::Centred { runs: run_data(runs) },
            Block::Display(text) => BlockData::Display { text: line(text) },
            Block::List { ordered, items } => {
                BlockData::List { ordered: *ordered, items: items.iter().map(|item| run_data(item)).collect() }
            }
            Block::Note(runs) => BlockData::Note { runs: run_data(runs) },
            Block::KeyValues(pairs) => BlockData::KeyValues {
                pairs: pairs.iter().map(|(key, value)| (line(key), self.cell(value, ColumnKind::Text))).collect(),
            },
            Block::Table(table) => BlockData::Table(self.table(table)),
            Block::Chart(chart) => self.chart(chart),
            Block::Gantt(gantt) => self.gantt(gantt),
            Block::Signatures(block) => signatures(block),
            Block::PageBreak => BlockData::PageBreak,
            Block::Landscape(inner) => {
                let turned = Self { language: self.language, turned: true };
                BlockData::Landscape { blocks: turned.blocks(inner) }
            }
        }
    }

    fn cell(&self, cell: &Cell, kind: ColumnKind) -> String {
        paragraph(&format::cell(self.language, cell, kind))
    }

    fn table(&self, table: &Table) -> TableData {
        let mut rows: Vec<RowData> = Vec::with_capacity(table.rows.len() + 1);
        let decimals: Vec<u32> = (0..table.columns.len()).map(|at| table.percent_decimals(at)).collect();
        for (index, row) in table.rows.iter().enumerate() {
            rows.push(match row {
                Row::Cells(cells) => {
                    let cells =
                        cells.iter().zip(&table.columns).zip(&decimals).map(|((cell, c), most)| match cell {
                            Cell::Percent(value) => format::percent_to(self.language, *value, *most),
                            _ => self.cell(cell, c.kind),
                        });
                    RowData { kind: "cells", cells: cells.collect(), label_span: 1 }
                }
                Row::Group(label) => RowData { kind: "group", cells: vec![line(label)], label_span: 1 },
                Row::Subtotal(label) => {
                    let start = table.subtotal_start(index);
                    self.sums(table, "subtotal", label, table.rows.get(start..index).unwrap_or_default())
                }
            });
        }
        if table.rows.is_empty() && !table.empty.is_empty() {
            rows.push(RowData { kind: "empty", cells: vec![line(&table.empty)], label_span: 1 });
        }
        if let (Some(label), false) = (&table.total, table.rows.is_empty()) {
            rows.push(self.sums(table, "total", label, &table.rows));
        }
        let layout = layout::fit(table, &rows, self.width());
        let columns = table.columns.iter().zip(layout.widths).map(|(column, width)| {
            let left = matches!(column.kind, ColumnKind::Text | ColumnKind::Date);
            let align = if left { "left" } else { "right" };
            ColumnData { title: line(&column.title), align, share: column.share.max(1), width }
        });
        TableData {
            caption: table.caption.as_deref().map(line),
            columns: columns.collect(),
            rows,
            size: layout.size,
            inset: layout.inset,
        }
    }

    /// A row of sums; its label runs over the columns before the first sum.
    fn sums(&self, table: &Table, kind: &'static str, label: &str, rows: &[Row]) -> RowData {
        let span = table.columns.iter().take_while(|column| !column.summed).count();
        let sums = table.sums(rows);
        let mut cells: Vec<String> =
            sums.iter().zip(&table.columns).skip(span).map(|(sum, column)| self.cell(sum, column.kind)).collect();
        if span > 0 {
            cells.insert(0, line(label));
        }
        RowData { kind, cells, label_span: span.max(1) }
    }

    fn chart(&self, chart: &Chart) -> BlockData {
        let pieces = svg::chart_pieces(chart, self.language, self.width(), self.height());
        let alt = self.chart_alt(chart);
        drawing(&chart.title, pieces, &alt)
    }

    /// The chart in words, for those who cannot see it.
    fn chart_alt(&self, chart: &Chart) -> String {
        if chart.is_empty() {
            return format!("{}: {}", chart.title, chart.empty);
        }
        let series = chart.series.iter().map(|series| {
            let values = chart.categories.iter().zip(&series.values).map(|(name, value)| {
                let value =
                    value.map_or_else(|| "–".to_owned(), |v| format::value(self.language, v, chart.unit, false));
                format!("{name} {value}")
            });
            format!("{}: {}", series.name, values.collect::<Vec<_>>().join("; "))
        });
        format!("{}. {}", chart.title, series.collect::<Vec<_>>().join(". "))
    }

    fn gantt(&self, gantt: &Gantt) -> BlockData {
        let pieces = svg::gantt_pieces(gantt, self.language, self.width(), self.height());
        let day = format::short_date;
        let rows = gantt.rows.iter().map(|row| {
            let spans = |spans: &[(chrono::NaiveDate, chrono::NaiveDate)], name: &str| {
                spans.iter().map(|(a, b)| format!(" {name} {}–{}", day(*a), day(*b))).collect::<String>()
            };
            let planned = spans(&row.planned, &gantt.planned);
            format!("{}:{planned}{}", row.label, spans(&row.actual, &gantt.actual))
        });
        let alt = format!("{}. {}", gantt.title, rows.collect::<Vec<_>>().join("; "));
        drawing(&gantt.title, pieces, &alt)
    }
}

fn drawing(title: &str, pieces: Vec<String>, alt: &str) -> BlockData {
    let alt = plain_line(alt);
    let title = (!title.is_empty()).then(|| line(title));
    BlockData::Drawing { title, pieces: pieces.into_iter().map(|svg| Piece { svg, alt: alt.clone() }).collect() }
}

fn run_data(runs: &[Run]) -> Vec<RunData> {
    let style = |style| match style {
        Style::Plain => "plain",
        Style::Strong => "strong",
        Style::Emphasis => "emphasis",
    };
    runs.iter().map(|run| RunData { text: paragraph(&run.text), style: style(run.style) }).collect()
}

fn signatures(block: &SignatureBlock) -> BlockData {
    let one = |s: &crate::document::Signature| SignatureData {
        role: line(&s.role),
        name: line(&s.name),
        note: s.note.as_deref().map(line),
    };
    BlockData::Signatures {
        place_and_date: block.place_and_date.as_deref().map(line),
        signatures: block.signatures.iter().map(one).collect(),
    }
}
