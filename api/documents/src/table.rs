//! A table as data: the same one becomes a table in a PDF, a sheet, or CSV.

use crate::DocumentError;
use crate::format::percent_decimals;
use chrono::NaiveDate;
use concilia_kernel::Money;
use rust_decimal::Decimal;

/// Columns, rows, and the sums that follow from them.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub caption: Option<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Label of a last row with the sum of each summed column ("Totale"); no such row without it.
    pub total: Option<String>,
    /// What is said in place of rows when there are none ("Nessun progetto").
    pub empty: String,
}

#[derive(Debug, Clone)]
pub struct Column {
    pub title: String,
    pub kind: ColumnKind,
    /// Relative width of a text column; numbers and dates take the width they need.
    pub share: u32,
    /// Whether subtotals and the total add this column up.
    pub summed: bool,
}

/// What a column holds: it decides alignment and number format. A cell of another kind may stand in it ("n.d.").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    Text,
    /// A number with this many decimals.
    Number(u32),
    Money,
    /// In hundredths: 87 is 87%.
    Percent,
    Date,
}

#[derive(Debug, Clone)]
pub enum Row {
    Cells(Vec<Cell>),
    /// A line across the table that names what follows.
    Group(String),
    /// The sums since the subtotal before, or since the start.
    Subtotal(String),
}

#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Integer(i64),
    Number(Decimal),
    Money(Money),
    /// In hundredths: 87 is 87%.
    Percent(Decimal),
    Date(NaiveDate),
}

impl Column {
    fn new(title: impl Into<String>, kind: ColumnKind) -> Self {
        Self { title: title.into(), kind, share: 1, summed: false }
    }

    pub fn text(title: impl Into<String>) -> Self {
        Self::new(title, ColumnKind::Text)
    }

    /// Whole numbers.
    pub fn integer(title: impl Into<String>) -> Self {
        Self::new(title, ColumnKind::Number(0))
    }

    pub fn number(title: impl Into<String>, decimals: u32) -> Self {
        Self::new(title, ColumnKind::Number(decimals))
    }

    pub fn money(title: impl Into<String>) -> Self {
        Self::new(title, ColumnKind::Money)
    }

    pub fn percent(title: impl Into<String>) -> Self {
        Self::new(title, ColumnKind::Percent)
    }

    pub fn date(title: impl Into<String>) -> Self {
        Self::new(title, ColumnKind::Date)
    }

    #[must_use]
    pub fn share(mut self, share: u32) -> Self {
        self.share = share;
        self
    }

    #[must_use]
    pub fn summed(mut self) -> Self {
        self.summed = true;
        self
    }
}

impl Table {
    pub fn new(columns: Vec<Column>) -> Self {
        Self { columns, ..Self::default() }
    }

    #[must_use]
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    #[must_use]
    pub fn total(mut self, label: impl Into<String>) -> Self {
        self.total = Some(label.into());
        self
    }

    #[must_use]
    pub fn empty(mut self, text: impl Into<String>) -> Self {
        self.empty = text.into();
        self
    }

    /// Adds a row of cells.
    pub fn row<const N: usize>(&mut self, cells: [Cell; N]) {
        self.rows.push(Row::Cells(cells.into()));
    }

    /// Adds a row whose number of cells is known only when the table is made: one for each column.
    pub fn cells(&mut self, cells: Vec<Cell>) {
        self.rows.push(Row::Cells(cells));
    }

    pub fn group(&mut self, label: impl Into<String>) {
        self.rows.push(Row::Group(label.into()));
    }

    pub fn subtotal(&mut self, label: impl Into<String>) {
        self.rows.push(Row::Subtotal(label.into()));
    }

    pub(crate) fn check(&self) -> Result<(), DocumentError> {
        if self.columns.is_empty() {
            return Err(DocumentError::Shape("a table has no columns"));
        }
        let ragged = |row: &Row| matches!(row, Row::Cells(cells) if cells.len() != self.columns.len());
        if self.rows.iter().any(ragged) {
            return Err(DocumentError::Shape("a row has not one cell for each column"));
        }
        let summable = |c: &Column| matches!(c.kind, ColumnKind::Money | ColumnKind::Number(_));
        if self.columns.iter().any(|c| c.summed && !summable(c)) {
            return Err(DocumentError::Shape("only amounts and numbers are summed"));
        }
        Ok(())
    }

    /// Sums of the summed columns over some rows.
    pub(crate) fn sums(&self, rows: &[Row]) -> Vec<Cell> {
        let sum = |index: usize, column: &Column| {
            let values = rows.iter().filter_map(|row| match row {
                Row::Cells(cells) => cells.get(index).and_then(Cell::number),
                _ => None,
            });
            let total: Decimal = values.sum();
            match column.kind {
                ColumnKind::Money => Cell::Money(Money::rounded(total)),
                _ => Cell::Number(total),
            }
        };
        let columns = self.columns.iter().enumerate();
        columns.map(|(i, column)| if column.summed { sum(i, column) } else { Cell::Empty }).collect()
    }

    /// Decimals of a column's percentages, so that those below each other are written alike.
    pub(crate) fn percent_decimals(&self, index: usize) -> u32 {
        let cells =
            self.rows.iter().filter_map(|row| if let Row::Cells(cells) = row { cells.get(index) } else { None });
        percent_decimals(
            cells.filter_map(|cell| if let Cell::Percent(value) = cell { Some(*value) } else { None }),
        )
    }

    /// First row that the subtotal at `index` adds up.
    pub(crate) fn subtotal_start(&self, index: usize) -> usize {
        let before = self.rows.get(..index).unwrap_or_default();
        before.iter().rposition(|row| matches!(row, Row::Subtotal(_))).map_or(0, |at| at + 1)
    }
}

impl Cell {
    /// The value to add up; a percentage adds nothing.
    fn number(&self) -> Option<Decimal> {
        match self {
            Self::Integer(value) => Some(Decimal::from(*value)),
            Self::Number(value) => Some(*value),
            Self::Money(value) => Some(value.decimal()),
            _ => None,
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Money> for Cell {
    fn from(amount: Money) -> Self {
        Self::Money(amount)
    }
}

impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Self {
        Self::Date(day)
    }
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<i32> for Cell {
    fn from(value: i32) -> Self {
        Self::Integer(value.into())
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}
