//! CSV as in RFC 4180: for machines, and safe to open in a spreadsheet.

use crate::DocumentError;
use crate::table::{Cell, Row, Table};

/// Header and rows as UTF-8 CSV: plain numbers with a point, days as `YYYY-MM-DD`, percentages in hundredths.
///
/// Groups and sums are left out, as whoever reads the file makes their own. A text that a spreadsheet would take for a
/// formula gets an apostrophe in front.
pub fn render_csv(table: &Table) -> Result<Vec<u8>, DocumentError> {
    table.check()?;
    let failed = |e: &dyn std::fmt::Display| DocumentError::Engine(e.to_string());
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(table.columns.iter().map(|c| guarded(&c.title))).map_err(|e| failed(&e))?;
    for row in &table.rows {
        if let Row::Cells(cells) = row {
            writer.write_record(cells.iter().map(field)).map_err(|e| failed(&e))?;
        }
    }
    writer.into_inner().map_err(|e| failed(&e))
}

fn field(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => guarded(text),
        Cell::Integer(value) => value.to_string(),
        Cell::Number(value) | Cell::Percent(value) => value.to_string(),
        Cell::Money(amount) => amount.to_string(),
        Cell::Date(day) => day.to_string(),
    }
}

/// Negative numbers written as text stay what they are.
fn guarded(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let number = text.strip_prefix('-').is_some_and(|digits| {
        digits.starts_with(|c: char| c.is_ascii_digit()) && digits.parse::<rust_decimal::Decimal>().is_ok()
    });
    if formula && !number { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Column;
    use concilia_kernel::Money;

    #[test]
    fn what_a_spreadsheet_would_run_is_disarmed() {
        for text in ["=1+1", "+1", "@SUM(A1)", "-cmd", "-1+cmd|' /C calc'!A0", "\t=1", "\r=1", "-"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["-5", "-5.10", "a=b", "", "Asilo nido", " =1"] {
            assert_eq!(guarded(text), text);
        }
    }

    #[test]
    fn cells_are_written_for_machines_and_sums_are_left_out() {
        let mut table = Table::new(vec![Column::text("Ente"), Column::money("Importo").summed()]).total("Totale");
        table.group("Gruppo");
        table.row(["Comune di \"Forlì\", sede".into(), Money::from_cents(-1_234_56).into()]);
        table.subtotal("Parziale");
        table.row([Cell::Empty, Cell::Empty]);
        let text = String::from_utf8(render_csv(&table).unwrap()).unwrap();
        assert_eq!(text, "Ente,Importo\r\n\"Comune di \"\"Forlì\"\", sede\",-1234.56\r\n,\r\n");
    }
}
