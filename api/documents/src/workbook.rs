//! Sheets with typed cells: numbers are numbers, amounts are euro, days are days, sums are formulas.

use crate::DocumentError;
use crate::table::{Cell, Column, ColumnKind, Row, Table};
use crate::{format, text};
use chrono::{Datelike, NaiveDate};
use concilia_kernel::language::Language;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Worksheet, XlsxError,
};

const NAVY: Color = Color::RGB(0x17_32_4D);
const PALE: Color = Color::RGB(0xE6_EC_F2);
/// The most characters a cell may hold in the format.
const CELL_LIMIT: usize = 32_767;

/// A workbook: its properties and its sheets.
#[derive(Debug, Clone)]
pub struct Workbook {
    pub language: Language,
    pub title: String,
    /// In whose name it is made.
    pub agency: String,
    /// Creation date in the file, so that the same workbook gives the same bytes.
    pub date: NaiveDate,
    pub sheets: Vec<Sheet>,
}

/// One sheet: lines above the table, then the table with its header frozen.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Name of the tab; cut to 31 characters, made unique, and rid of the signs that the format forbids.
    pub name: String,
    /// Lines above the table: the first is its title.
    pub lines: Vec<String>,
    pub table: Table,
}

impl Sheet {
    pub fn new(name: impl Into<String>, table: Table) -> Self {
        Self { name: name.into(), lines: table.caption.iter().cloned().collect(), table }
    }
}

/// The workbook as an XLSX file.
pub fn render_xlsx(workbook: &Workbook) -> Result<Vec<u8>, DocumentError> {
    if workbook.sheets.is_empty() {
        return Err(DocumentError::Shape("a workbook has no sheets"));
    }
    for sheet in &workbook.sheets {
        sheet.table.check()?;
    }
    write(workbook).map_err(|e| DocumentError::Engine(e.to_string()))
}

fn write(workbook: &Workbook) -> Result<Vec<u8>, XlsxError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let day = excel_day(workbook.date)?;
    let title = text::plain_line(&workbook.title);
    let agency = text::plain_line(&workbook.agency);
    let properties = DocProperties::new().set_title(title).set_author(&agency).set_company(&agency);
    book.set_properties(&properties.set_creation_datetime(&day));
    let mut names: Vec<String> = Vec::new();
    for sheet in &workbook.sheets {
        let name = tab_name(&sheet.name, &names);
        let page = if workbook.language == Language::Italian { "pagina &P di &N" } else { "page &P of &N" };
        let worksheet = book.add_worksheet();
        worksheet.set_name(&name)?;
        names.push(name);
        Writer { worksheet, sheet, formats: Formats::new() }.write()?;
        worksheet.set_footer(format!("&R&8{page}"));
    }
    book.save_to_buffer()
}

fn excel_day(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(0), day.month() as u8, day.day() as u8)
}

/// A tab name that the format takes and that no other sheet has (upper and lower case are the same to it).
fn tab_name(wanted: &str, taken: &[String]) -> String {
    let allowed = |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\');
    let clean: String = text::plain_line(wanted).chars().filter(allowed).collect();
    let clean = clean.trim_matches(['\'', ' ']);
    let stem = if clean.is_empty() { "1" } else { clean };
    let cut = |suffix: &str| stem.chars().take(31 - suffix.len()).collect::<String>() + suffix;
    let free = |name: &String| !taken.iter().any(|t| t.to_lowercase() == name.to_lowercase());
    let numbered = (2..).map(|n| cut(&format!(" ({n})")));
    std::iter::once(cut("")).chain(numbered).find(free).unwrap_or_default()
}

struct Formats {
    title: Format,
    line: Format,
    header: Format,
    group: Format,
}

impl Formats {
    fn new() -> Self {
        Self {
            title: Format::new().set_bold().set_font_size(14).set_font_color(NAVY),
            line: Format::new().set_font_color(Color::RGB(0x5A_67_72)),
            header: Format::new()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(NAVY)
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter),
            group: Format::new().set_bold().set_background_color(PALE).set_font_color(NAVY),
        }
    }

    /// Format of a value: of its own kind where it has one, of its column otherwise.
    fn value(cell: &Cell, column: &Column) -> Format {
        let format = Format::new().set_align(FormatAlign::Top);
        match (cell, column.kind) {
            (Cell::Money(_), _) => format.set_num_format("#,##0.00\\ \"€\";[Red]-#,##0.00\\ \"€\""),
            (Cell::Percent(_), _) => format.set_num_format("0.##%"),
            (Cell::Date(_), _) => format.set_num_format("dd/mm/yyyy").set_align(FormatAlign::Left),
            (Cell::Integer(_), _) => format.set_num_format("#,##0"),
            (Cell::Number(_), ColumnKind::Number(0)) => format.set_num_format("#,##0"),
            (Cell::Number(_), ColumnKind::Number(decimals)) => {
                format.set_num_format(format!("#,##0.{}", "0".repeat(decimals as usize)))
            }
            (Cell::Number(_), _) => format.set_num_format("#,##0.######"),
            (_, ColumnKind::Text) => format.set_text_wrap(),
            _ => format.set_align(FormatAlign::Right),
        }
    }

    fn sum(format: Format) -> Format {
        format.set_bold().set_background_color(PALE).set_border_top(FormatBorder::Thin).set_border_top_color(NAVY)
    }
}

struct Writer<'a> {
    worksheet: &'a mut Worksheet,
    sheet: &'a Sheet,
    formats: Formats,
}

impl Writer<'_> {
    fn write(mut self) -> Result<(), XlsxError> {
        let table = &self.sheet.table;
        let mut at = 0;
        for (index, line) in self.sheet.lines.iter().enumerate() {
            let format = if index == 0 { &self.formats.title } else { &self.formats.line };
            self.worksheet.write_string_with_format(at, 0, cell_text(line), format)?;
            at += 1;
        }
        at += u32::from(at > 0);
        let header = at;
        for (index, column) in table.columns.iter().enumerate() {
            let format = self.formats.header.clone().set_align(alignment(column));
            self.worksheet.write_string_with_format(at, index as u16, cell_text(&column.title), &format)?;
            self.worksheet.set_column_width(index as u16, width(table, index))?;
        }
        self.worksheet.set_freeze_panes(header + 1, 0)?;
        self.worksheet.set_repeat_rows(header, header)?;
        let first = header + 1;
        for (index, row) in table.rows.iter().enumerate() {
            at = first + index as u32;
            self.row(at, first, index, row)?;
        }
        let end = first + table.rows.len() as u32;
        let plain = table.rows.iter().all(|row| matches!(row, Row::Cells(_)));
        if table.rows.is_empty() && !table.empty.is_empty() {
            self.worksheet.write_string_with_format(first, 0, cell_text(&table.empty), &self.formats.line)?;
        } else if plain && !table.rows.is_empty() {
            self.worksheet.autofilter(header, 0, end - 1, table.columns.len() as u16 - 1)?;
        }
        if let (Some(label), false) = (&table.total, table.rows.is_empty()) {
            self.sums(end, label, first, end - 1, &table.rows)?;
        }
        self.worksheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
        if table.columns.len() > 5 {
            self.worksheet.set_landscape();
        }
        Ok(())
    }

    fn row(&mut self, at: u32, first: u32, index: usize, row: &Row) -> Result<(), XlsxError> {
        let table = &self.sheet.table;
        match row {
            Row::Cells(cells) => {
                for (at_column, (cell, column)) in cells.iter().zip(&table.columns).enumerate() {
                    self.cell(at, at_column as u16, cell, &Formats::value(cell, column))?;
                }
                Ok(())
            }
            Row::Group(label) => {
                for column in 1..table.columns.len() {
                    self.worksheet.write_blank(at, column as u16, &self.formats.group)?;
                }
                self.worksheet.write_string_with_format(at, 0, cell_text(label), &self.formats.group)?;
                Ok(())
            }
            Row::Subtotal(label) => {
                let start = table.subtotal_start(index);
                let rows = table.rows.get(start..index).unwrap_or_default();
                self.sums(at, label, first + start as u32, at - 1, rows)
            }
        }
    }

    /// A row of sums. SUBTOTAL leaves out the subtotals within its range, so that nothing counts twice.
    fn sums(&mut self, at: u32, label: &str, from: u32, to: u32, rows: &[Row]) -> Result<(), XlsxError> {
        let table = &self.sheet.table;
        for (index, (sum, column)) in table.sums(rows).iter().zip(&table.columns).enumerate() {
            let format = Formats::sum(Formats::value(sum, column));
            let letter = rust_xlsxwriter::utility::column_number_to_name(index as u16);
            if column.summed && to >= from && to < at {
                let result = plain_number(sum);
                let formula = Formula::new(format!("=SUBTOTAL(9,{letter}{}:{letter}{})", from + 1, to + 1));
                self.worksheet.write_formula_with_format(at, index as u16, formula.set_result(result), &format)?;
            } else {
                self.cell(at, index as u16, sum, &format)?;
            }
        }
        let format = Formats::sum(Format::new());
        if !table.columns.first().is_some_and(|column| column.summed) {
            self.worksheet.write_string_with_format(at, 0, cell_text(label), &format)?;
        }
        Ok(())
    }

    fn cell(&mut self, row: u32, column: u16, cell: &Cell, format: &Format) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => self.worksheet.write_blank(row, column, format)?,
            Cell::Text(text) => self.worksheet.write_string_with_format(row, column, cell_text(text), format)?,
            Cell::Date(day) => match excel_day(*day) {
                Ok(value) => self.worksheet.write_datetime_with_format(row, column, &value, format)?,
                // The format knows no day before 1900.
                Err(_) => {
                    self.worksheet.write_string_with_format(row, column, format::short_date(*day), format)?
                }
            },
            Cell::Integer(value) => self.worksheet.write_number_with_format(row, column, *value as f64, format)?,
            Cell::Percent(value) => {
                let ratio = value.to_f64().unwrap_or_default() / 100.0;
                self.worksheet.write_number_with_format(row, column, ratio, format)?
            }
            Cell::Number(value) => {
                self.worksheet.write_number_with_format(row, column, value.to_f64().unwrap_or_default(), format)?
            }
            Cell::Money(amount) => {
                let value = amount.decimal().to_f64().unwrap_or_default();
                self.worksheet.write_number_with_format(row, column, value, format)?
            }
        };
        Ok(())
    }
}

fn cell_text(text: &str) -> String {
    let printable = |c: &char| !c.is_control() || *c == '\n';
    text.chars().filter(printable).take(CELL_LIMIT).collect()
}

fn plain_number(cell: &Cell) -> String {
    match cell {
        Cell::Money(amount) => amount.to_string(),
        Cell::Number(value) => value.normalize().to_string(),
        _ => String::new(),
    }
}

fn alignment(column: &Column) -> FormatAlign {
    if matches!(column.kind, ColumnKind::Text | ColumnKind::Date) { FormatAlign::Left } else { FormatAlign::Right }
}

/// Width of a column in characters: what its longest cell wants, within reason.
fn width(table: &Table, index: usize) -> f64 {
    let column = table.columns.get(index);
    let kind = column.map_or(ColumnKind::Text, |c| c.kind);
    let longest = |row: &Row| match row {
        Row::Cells(cells) => {
            cells.get(index).map_or(0, |cell| format::cell(Language::Italian, cell, kind).chars().count())
        }
        _ => 0,
    };
    let words = column.map_or(0, |c| c.title.split(' ').map(|w| w.chars().count()).max().unwrap_or(0));
    let cells = table.rows.iter().map(longest).max().unwrap_or(0);
    let sums = if column.is_some_and(|c| c.summed) {
        table
            .sums(&table.rows)
            .get(index)
            .map_or(0, |sum| format::cell(Language::Italian, sum, kind).chars().count())
    } else {
        0
    };
    (words.max(cells).max(sums) as f64 * 1.1 + 3.0).clamp(8.0, 60.0)
}
