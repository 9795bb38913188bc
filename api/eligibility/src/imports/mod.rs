//! Employers' pushes: received as jobs, read in constant memory, written in batches.
//!
//! A push is a text of any length. [`records`] cuts it into records wherever the network cut it,
//! [`raw_row`] and [`csv_fields`] read them, [`row`] checks them, [`reader`] gathers good rows and
//! faults into batches, and [`employee_import`] writes each batch with its faults and the point from
//! which to resume.

pub mod create_employee_import_csv;
pub mod create_employee_import_ndjson;
mod csv_fields;
mod employee_import;
mod raw_row;
mod reader;
mod receive;
mod records;
mod resume_point;
mod row;
mod source;
mod upload;

#[cfg(test)]
mod tests;

pub use employee_import::EmployeeImport;
pub use receive::ImportSettings;
pub use row::EmployeeRow;

pub(crate) use raw_row::{Field, Raw, RawRow};
pub(crate) use row::check;

use concilia_kernel::text_enum;
use std::borrow::Cow;

text_enum! {
    /// What a push says of those who are not in it.
    pub enum ImportMode {
        /// Nothing.
        Partial = "partial",
        /// That they are no longer employed.
        Full = "full",
    }
}

/// A rule that a row breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// `None` when the line as a whole is at fault.
    pub(crate) field: Option<Cow<'static, str>>,
    pub(crate) code: &'static str,
}

impl Fault {
    fn of_field(field: Field, code: &'static str) -> Self {
        Self { field: Some(Cow::Borrowed(field.as_str())), code }
    }

    fn of_line(code: &'static str) -> Self {
        Self { field: None, code }
    }
}
