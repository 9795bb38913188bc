use calamine::{Data, Reader, Xlsx};
use chrono::NaiveDate;
use concilia_documents::{Cell, Column, DocumentError, Sheet, Table, Workbook, render_xlsx};
use concilia_kernel::Money;
use concilia_kernel::language::Language;
use rust_decimal::Decimal;
use std::io::Cursor;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 3, 15).unwrap()
}

fn workbook(sheets: Vec<Sheet>) -> Workbook {
    Workbook {
        language: Language::Italian,
        title: "Rendiconto".into(),
        agency: "ATS della Val Padana".into(),
        date: day(),
        sheets,
    }
}

fn table() -> Table {
    let mut table = Table::new(vec![
        Column::text("Documento"),
        Column::date("Data"),
        Column::percent("Quota"),
        Column::integer("Ore").summed(),
        Column::money("Importo").summed(),
    ])
    .total("Totale");
    let line = |name: &str, cents: i64| {
        [
            Cell::from(name),
            day().into(),
            Cell::Percent(Decimal::from(87)),
            Cell::Integer(3),
            Money::from_cents(cents).into(),
        ]
    };
    table.group("Primo");
    table.row(line("Fattura è", 100_10));
    table.row(line("=CMD()", 200_20));
    table.subtotal("Parziale");
    table.row(line("Nota", -50_05));
    table.subtotal("Parziale");
    table
}

fn opened(bytes: &[u8]) -> Xlsx<Cursor<&[u8]>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

#[test]
fn cells_are_of_their_own_kind_and_sums_are_formulas_with_results() {
    let bytes = render_xlsx(&workbook(vec![Sheet::new("Spese", table())])).unwrap();
    let mut book = opened(&bytes);
    let range = book.worksheet_range("Spese").unwrap();
    let at = |row: u32, column: u32| range.get_value((row, column)).cloned().unwrap_or_default();
    assert_eq!(at(0, 4), Data::String("Importo".into()));
    assert_eq!(at(1, 0), Data::String("Primo".into()));
    assert_eq!(at(2, 0), Data::String("Fattura è".into()));
    assert!(
        matches!(&at(2, 1), Data::DateTime(value) if (value.as_f64() - 45_366.0).abs() < 1e-9),
        "{:?}",
        at(2, 1)
    );
    assert_eq!(at(2, 2), Data::Float(0.87));
    assert_eq!(at(2, 4), Data::Float(100.10));
    assert_eq!(at(3, 0), Data::String("=CMD()".into()));
    for (row, hours, euro, range) in [(4, 6.0, 300.30, "2:E4"), (6, 3.0, -50.05, "6:E6"), (7, 9.0, 250.25, "2:E7")]
    {
        assert_eq!(at(row, 3), Data::Float(hours), "row {row}");
        assert_eq!(at(row, 4), Data::Float(euro), "row {row}");
        let formula = book.worksheet_formula("Spese").unwrap().get_value((row, 4)).cloned().unwrap();
        assert!(formula.starts_with("SUBTOTAL(9,") && formula.ends_with(&format!("{range})")), "{formula}");
    }
}

#[test]
fn the_header_stays_in_sight_and_the_same_workbook_gives_the_same_bytes() {
    let book =
        workbook(vec![Sheet::new("Spese", table()), Sheet::new("Vuoto", Table::new(vec![Column::text("a")]))]);
    let first = render_xlsx(&book).unwrap();
    assert_eq!(first, render_xlsx(&book).unwrap());
    let rows = opened(&first).worksheet_range("Vuoto").unwrap().height();
    assert_eq!(rows, 1, "no total without rows");
}

#[test]
fn tabs_get_names_that_spreadsheets_take() {
    let sheet = |name: &str| Sheet::new(name, Table::new(vec![Column::text("a")]));
    let long = "Azienda Speciale Consortile Socialis di Suzzara";
    let bytes =
        render_xlsx(&workbook(vec![sheet("2020/I: [a]*?\\"), sheet(long), sheet(long), sheet("'"), sheet("")]));
    let names = opened(&bytes.unwrap()).sheet_names();
    assert_eq!(
        names,
        ["2020I a", "Azienda Speciale Consortile Soc", "Azienda Speciale Consortile (2)", "1", "1 (2)"]
    );
}

#[test]
fn a_workbook_without_sheets_is_refused() {
    assert!(matches!(render_xlsx(&workbook(Vec::new())), Err(DocumentError::Shape(_))));
}
