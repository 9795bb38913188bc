//! The fields of one CSV record (RFC 4180), and what its header line says.

use super::raw_row::{Field, Raw, RawRow};
use serde::{Deserialize, Serialize};

/// Unescaped fields of a record, in one buffer that is used again for the next.
#[derive(Debug, Default)]
pub(super) struct CsvFields {
    text: String,
    ends: Vec<usize>,
}

impl CsvFields {
    pub(super) fn read(&mut self, record: &str, delimiter: u8) {
        self.text.clear();
        self.ends.clear();
        let delimiter = char::from(delimiter);
        let mut rest = record;
        loop {
            if let Some(quoted) = rest.strip_prefix('"') {
                rest = self.read_quoted(quoted);
            }
            let (plain, following) = match rest.split_once(delimiter) {
                Some((plain, following)) => (plain, Some(following)),
                None => (rest, None),
            };
            self.text.push_str(plain);
            self.ends.push(self.text.len());
            match following {
                Some(following) => rest = following,
                None => return,
            }
        }
    }

    /// Copies up to the closing quote and returns what follows it.
    fn read_quoted<'a>(&mut self, mut rest: &'a str) -> &'a str {
        while let Some((part, following)) = rest.split_once('"') {
            self.text.push_str(part);
            match following.strip_prefix('"') {
                Some(following) => {
                    self.text.push('"');
                    rest = following;
                }
                None => return following,
            }
        }
        self.text.push_str(rest);
        ""
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.ends.iter().scan(0, |start, &end| {
            let field = &self.text[*start..end];
            *start = end;
            Some(field)
        })
    }
}

/// What the header line says of the lines below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CsvLayout {
    pub(super) delimiter: u8,
    columns: Vec<Field>,
}

/// A column that the header line should not have, or lacks, and the code of the reason.
pub(super) type HeaderFault = (String, &'static str);

impl CsvLayout {
    /// Reads a header line. Names are taken without regard to case or blanks around them.
    pub(super) fn read(header: &str) -> Result<Self, Vec<HeaderFault>> {
        let delimiter = delimiter_of(header);
        let mut fields = CsvFields::default();
        fields.read(header, delimiter);
        let mut columns: Vec<Field> = vec![];
        let mut faults = vec![];
        for name in fields.iter() {
            let name = name.trim();
            match Field::ALL.iter().find(|field| field.as_str().eq_ignore_ascii_case(name)) {
                Some(field) if columns.contains(field) => faults.push((field.to_string(), "duplicate")),
                Some(field) => columns.push(*field),
                None => {
                    faults.push((name.chars().filter(|c| !c.is_control()).take(64).collect(), "unknown_field"));
                }
            }
        }
        let absent = Field::ALL.iter().filter(|field| field.is_required() && !columns.contains(field));
        faults.extend(absent.map(|field| (field.to_string(), "required")));
        if faults.is_empty() { Ok(Self { delimiter, columns }) } else { Err(faults) }
    }

    /// The row that the fields make. `None` when their number is not the header's.
    pub(super) fn row<'a>(&self, fields: &'a CsvFields) -> Option<RawRow<'a>> {
        if fields.len() != self.columns.len() {
            return None;
        }
        let mut row = RawRow::default();
        for (column, text) in self.columns.iter().zip(fields.iter()) {
            if !text.trim().is_empty() {
                row.set(*column, Raw::Text(text.into()));
            }
        }
        Some(row)
    }
}

/// Excel writes `;` where the comma is the decimal mark, as in Italy.
fn delimiter_of(header: &str) -> u8 {
    let count = |delimiter: u8| header.bytes().filter(|byte| *byte == delimiter).count();
    [b';', b'\t']
        .into_iter()
        .fold(b',', |best, candidate| if count(candidate) > count(best) { candidate } else { best })
}
