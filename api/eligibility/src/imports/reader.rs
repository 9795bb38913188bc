//! From the bytes of a push to batches of good rows and the faults of the others.

use super::csv_fields::{CsvFields, CsvLayout};
use super::raw_row::read_json;
use super::records::{Format, Record, Records};
use super::row::{check, external_id_of};
use super::{Fault, RawRow};
use crate::employees::EmployeeBatch;
use concilia_kernel::jobs::RowError;
use concilia_kernel::vault::Vault;
use uuid::Uuid;

/// Rows of a full batch: enough that the statement's own cost does not show.
const BATCH_ROWS: usize = 5_000;
/// Faults that close a batch, and bytes of free text that do.
const BATCH_FAULTS: usize = 5_000;
const BATCH_TEXT: usize = 2 * 1024 * 1024;

/// Some consecutive records of a push.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) employees: EmployeeBatch,
    pub(super) errors: Vec<RowError>,
    /// Records at fault.
    pub(super) faulty: i64,
    /// Records in all.
    pub(super) records: i64,
    /// External ids of records at fault: whoever they are, they are not missing.
    pub(super) present: Vec<String>,
    /// Stream offset and line after the batch.
    pub(super) position: (u64, i64),
    pub(super) layout: Option<CsvLayout>,
}

/// What reading came to.
#[derive(Debug)]
pub(super) enum Step {
    Full(Batch),
    /// More must be fed.
    Hungry,
    /// The last batch, perhaps empty.
    Last(Batch),
    /// The header line of a CSV push cannot be used.
    Header(Vec<RowError>),
}

/// The reader of one push.
#[derive(Debug)]
pub(super) struct Reader {
    territory_id: Uuid,
    dialect: Dialect,
    records: Records,
    fields: CsvFields,
    batch: Batch,
    ended: bool,
}

#[derive(Debug)]
enum Dialect {
    Ndjson,
    CsvHeader,
    Csv(CsvLayout),
}

impl Reader {
    /// Starts at `position`; for CSV, `layout` is what the header line said, once it was read.
    pub(super) fn new(territory_id: Uuid, csv: bool, layout: Option<CsvLayout>, position: (u64, i64)) -> Self {
        let (dialect, format) = match (csv, layout) {
            (false, _) => (Dialect::Ndjson, Format::Ndjson),
            (true, None) => (Dialect::CsvHeader, Format::Csv { delimiter: b',' }),
            (true, Some(layout)) => {
                let delimiter = layout.delimiter;
                (Dialect::Csv(layout), Format::Csv { delimiter })
            }
        };
        let records = Records::new(format, position);
        Self {
            territory_id,
            dialect,
            records,
            fields: CsvFields::default(),
            batch: Batch::default(),
            ended: false,
        }
    }

    pub(super) fn feed(&mut self, piece: &[u8]) {
        self.records.feed(piece);
    }

    /// Nothing more will be fed.
    pub(super) fn end(&mut self) {
        self.records.end();
        self.ended = true;
    }

    /// Reads until the batch is full or what was fed is used up.
    pub(super) fn step(&mut self, vault: &Vault) -> Step {
        while !self.is_full() {
            let Some(record) = self.records.next() else {
                return match (self.ended, &self.dialect) {
                    (false, _) => Step::Hungry,
                    (true, Dialect::CsvHeader) => Step::Header(vec![error(1, 0, Fault::of_line("required"))]),
                    (true, _) => Step::Last(self.take()),
                };
            };
            let (line, text) = match record {
                Record::Fault(line, code) => (line, Err(code)),
                Record::Row(line, bytes) => (line, std::str::from_utf8(bytes).map_err(|_| "not_utf8")),
            };
            if text.is_ok_and(|text| text.trim().is_empty()) {
                continue;
            }
            match (&self.dialect, text) {
                (Dialect::CsvHeader, text) => {
                    match text.map_err(|code| vec![(None, code)]).and_then(read_header) {
                        Ok(layout) => {
                            self.records.set_format(Format::Csv { delimiter: layout.delimiter });
                            self.dialect = Dialect::Csv(layout);
                        }
                        Err(faults) => return Step::Header(header_errors(line, faults)),
                    }
                }
                (_, Err(code)) => self.batch.refuse(line, vec![Fault::of_line(code)]),
                (Dialect::Ndjson, Ok(text)) => {
                    let mut faults = vec![];
                    let row = read_json(text, &mut faults);
                    self.batch.add(vault, self.territory_id, line, row.as_ref(), faults);
                }
                (Dialect::Csv(layout), Ok(text)) => {
                    self.fields.read(text, layout.delimiter);
                    if self.fields.iter().all(|field| field.trim().is_empty()) {
                        continue;
                    }
                    let row = layout.row(&self.fields);
                    let faults = if row.is_none() { vec![Fault::of_line("column_count")] } else { vec![] };
                    self.batch.add(vault, self.territory_id, line, row.as_ref(), faults);
                }
            }
        }
        Step::Full(self.take())
    }

    fn is_full(&self) -> bool {
        self.batch.employees.len() >= BATCH_ROWS
            || self.batch.errors.len() >= BATCH_FAULTS
            || self.batch.employees.text_size() >= BATCH_TEXT
    }

    fn take(&mut self) -> Batch {
        let mut batch = std::mem::take(&mut self.batch);
        batch.position = self.records.position();
        batch.layout = match &self.dialect {
            Dialect::Csv(layout) => Some(layout.clone()),
            Dialect::Ndjson | Dialect::CsvHeader => None,
        };
        batch
    }
}

impl Batch {
    fn add(
        &mut self,
        vault: &Vault,
        territory_id: Uuid,
        line: i64,
        row: Option<&RawRow<'_>>,
        mut faults: Vec<Fault>,
    ) {
        match row.and_then(|row| check(row, &mut faults)) {
            Some(employee) if faults.is_empty() => {
                self.records += 1;
                self.employees.push(vault, territory_id, line, &employee);
            }
            _ => {
                self.present.extend(row.and_then(|row| external_id_of(row)).map(str::to_owned));
                self.refuse(line, faults);
            }
        }
    }

    fn refuse(&mut self, line: i64, faults: Vec<Fault>) {
        self.records += 1;
        self.faulty += 1;
        self.errors.extend((0..).zip(faults).map(|(ordinal, fault)| error(line, ordinal, fault)));
    }
}

fn error(line: i64, ordinal: i16, fault: Fault) -> RowError {
    RowError { line, ordinal, field: fault.field.map(Into::into), code: fault.code.to_owned() }
}

type HeaderFaults = Vec<(Option<String>, &'static str)>;

fn read_header(text: &str) -> Result<CsvLayout, HeaderFaults> {
    CsvLayout::read(text).map_err(|faults| faults.into_iter().map(|(name, code)| (Some(name), code)).collect())
}

fn header_errors(line: i64, faults: HeaderFaults) -> Vec<RowError> {
    let ordinals = 0..100;
    ordinals
        .zip(faults)
        .map(|(ordinal, (field, code))| RowError { line, ordinal, field, code: code.into() })
        .collect()
}
