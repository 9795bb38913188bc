//! A chart as data.

use crate::DocumentError;
use concilia_kernel::Money;
use rust_decimal::Decimal;

/// Values by category, for one or more series.
#[derive(Debug, Clone)]
pub struct Chart {
    pub kind: ChartKind,
    pub title: String,
    pub categories: Vec<String>,
    pub series: Vec<Series>,
    pub unit: Unit,
    /// What is said in place of the chart when there is nothing to show ("Nessun dato").
    pub empty: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Lying bars, best for long names.
    Bars,
    StackedBars,
    Columns,
    StackedColumns,
    /// A ring of the categories' parts in the whole; one series, no negative value.
    Donut,
}

#[derive(Debug, Clone)]
pub struct Series {
    pub name: String,
    /// One for each category; `None` is unknown, which is not zero.
    pub values: Vec<Option<Decimal>>,
}

/// What the values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A number with this many decimals.
    Number(u32),
    Money,
    /// In hundredths: 87 is 87%.
    Percent,
}

impl Series {
    pub fn new<T: Into<Decimal>>(name: impl Into<String>, values: impl IntoIterator<Item = T>) -> Self {
        Self { name: name.into(), values: values.into_iter().map(|v| Some(v.into())).collect() }
    }

    /// A series of amounts.
    pub fn money(name: impl Into<String>, amounts: impl IntoIterator<Item = Money>) -> Self {
        Self::new(name, amounts.into_iter().map(Money::decimal))
    }
}

impl Chart {
    pub fn new(kind: ChartKind, title: impl Into<String>, unit: Unit) -> Self {
        let empty = String::new();
        Self { kind, title: title.into(), categories: Vec::new(), series: Vec::new(), unit, empty }
    }

    #[must_use]
    pub fn categories<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.categories = names.into_iter().map(Into::into).collect();
        self
    }

    #[must_use]
    pub fn series(mut self, series: Series) -> Self {
        self.series.push(series);
        self
    }

    #[must_use]
    pub fn empty(mut self, text: impl Into<String>) -> Self {
        self.empty = text.into();
        self
    }

    pub(crate) fn check(&self) -> Result<(), DocumentError> {
        if self.series.iter().any(|s| s.values.len() != self.categories.len()) {
            return Err(DocumentError::Shape("a series has not one value for each category"));
        }
        if self.kind == ChartKind::Donut {
            let negative = |s: &Series| s.values.iter().flatten().any(|v| v.is_sign_negative() && !v.is_zero());
            if self.series.len() > 1 || self.series.iter().any(negative) {
                return Err(DocumentError::Shape("a donut shows one series of values from zero up"));
            }
        }
        Ok(())
    }

    /// Whether there is nothing to draw: no value, or nothing but zeros.
    pub(crate) fn is_empty(&self) -> bool {
        self.series.iter().flat_map(|s| s.values.iter().flatten()).all(Decimal::is_zero)
    }
}
