//! Official documents from typed data: PDF pages, sheets, CSV, and charts as SVG.
//!
//! A caller says what is on the page ([`Document`], [`Table`], [`Chart`], [`Gantt`]) and gets bytes. No database, no
//! network, no fonts of the system; the same input gives the same bytes. All text is taken literally. Making a PDF
//! takes hundreds of milliseconds of processor time: handlers call [`pdf_file`] and its like, which leave their thread.

#![allow(clippy::match_same_arms, reason = "a table of cases reads best with one case a line")]
#![allow(clippy::struct_field_names, reason = "the names of the template's own data")]
#![allow(clippy::format_collect, reason = "short texts, made once a document")]

mod chart;
mod csv;
mod document;
mod files;
mod fonts;
mod format;
mod gantt;
mod grammar;
mod pdf;
mod provinces;
mod svg;
mod table;
mod text;
mod workbook;

pub use chart::{Chart, ChartKind, Series, Unit};
pub use csv::render_csv;
pub use document::{Act, Agency, Block, Document, Run, Signature, SignatureBlock, Style};
pub use files::{csv_file, pdf_file, xlsx_file};
pub use format::{clock_time, long_date, money, number, percent, short_date};
pub use gantt::{Gantt, GanttRow};
pub use grammar::{counted, dated, elided};
pub use pdf::render_pdf;
pub use table::{Cell, Column, ColumnKind, Row, Table};
pub use workbook::{Sheet, Workbook, render_xlsx};

/// Why a document could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The data do not fit together; the caller's mistake.
    #[error("malformed document: {0}")]
    Shape(&'static str),
    /// The engine refused; a mistake here.
    #[error("cannot make the document: {0}")]
    Engine(String),
}
