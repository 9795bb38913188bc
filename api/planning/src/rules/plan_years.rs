//! The years of a plan, within which its projects lie.

use crate::Plan;
use chrono::{Datelike, NaiveDate};
use concilia_kernel::problem::Text;
use concilia_kernel::{Code, FieldError, Problem};
use std::fmt;

/// First and last year of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanYears {
    from: i16,
    to: i16,
}

impl PlanYears {
    pub fn of(plan: &Plan) -> Self {
        Self { from: plan.from_year, to: plan.to_year }
    }

    pub fn contain(self, day: NaiveDate) -> bool {
        (i32::from(self.from)..=i32::from(self.to)).contains(&day.year())
    }

    /// Refuses a day that is of another year; `pointer` names it.
    pub fn require(self, day: NaiveDate, pointer: &str) -> Result<(), Problem> {
        if self.contain(day) {
            return Ok(());
        }
        let text = Text::new(
            format!("il progetto si svolge negli anni del piano, {self}"),
            format!("a project lies within the years of its plan, {self}"),
        );
        let error = FieldError::pointer(pointer, "range").value(day.to_string()).explain(&text);
        Err(Problem::new(Code::ValidationFailed).with_error(error))
    }
}

impl fmt::Display for PlanYears {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.from, self.to)
    }
}

#[cfg(test)]
impl PlanYears {
    pub fn from_to(from: i16, to: i16) -> Self {
        Self { from, to }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_lasts_from_new_years_day_of_its_first_year_to_the_last_day_of_its_last() {
        let years = PlanYears::from_to(2020, 2023);
        for (day, within) in
            [("2019-12-31", false), ("2020-01-01", true), ("2023-12-31", true), ("2024-01-01", false)]
        {
            assert_eq!(years.require(day.parse().unwrap(), "/ends_on").is_ok(), within, "{day}");
        }
    }
}
