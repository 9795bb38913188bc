//! A calendar of activities as data.

use crate::DocumentError;
use chrono::{Datelike, Months, NaiveDate};

/// Activities on months.
#[derive(Debug, Clone)]
pub struct Gantt {
    pub title: String,
    /// Heading of the first column ("Attività").
    pub label: String,
    /// Any day of the first month.
    pub from: NaiveDate,
    /// Any day of the last month.
    pub to: NaiveDate,
    pub rows: Vec<GanttRow>,
    /// Name of the planned spans in the legend ("previsto").
    pub planned: String,
    /// Name of the actual spans in the legend ("svolto").
    pub actual: String,
    /// What is said in place of rows when there are none.
    pub empty: String,
}

#[derive(Debug, Clone, Default)]
pub struct GanttRow {
    pub label: String,
    /// First and last day of each span; what lies outside the calendar is cut.
    pub planned: Vec<(NaiveDate, NaiveDate)>,
    pub actual: Vec<(NaiveDate, NaiveDate)>,
    /// Days marked with a diamond.
    pub milestones: Vec<NaiveDate>,
}

impl Gantt {
    /// Ten years.
    pub const MAX_MONTHS: usize = 120;

    pub(crate) fn check(&self) -> Result<(), DocumentError> {
        if self.to < self.from || self.months() > Self::MAX_MONTHS {
            return Err(DocumentError::Shape("a calendar runs over 1 to 120 months"));
        }
        let backwards = |(from, to): &(NaiveDate, NaiveDate)| to < from;
        if self.rows.iter().any(|r| r.planned.iter().chain(&r.actual).any(backwards)) {
            return Err(DocumentError::Shape("a span ends before it begins"));
        }
        Ok(())
    }

    pub(crate) fn months(&self) -> usize {
        let index = |d: NaiveDate| i64::from(d.year()) * 12 + i64::from(d.month0());
        usize::try_from(index(self.to) - index(self.from) + 1).unwrap_or(0)
    }

    /// First day of the month at `index`.
    pub(crate) fn month(&self, index: usize) -> NaiveDate {
        let first = self.from.with_day(1).unwrap_or(self.from);
        first.checked_add_months(Months::new(index as u32)).unwrap_or(first)
    }

    /// Whether any row has spans of what was really done.
    pub(crate) fn has_actual(&self) -> bool {
        self.rows.iter().any(|row| !row.actual.is_empty())
    }
}
