//! Arrays in PostgreSQL's own binary form, written element by element and sent without a copy each.

use chrono::{Datelike, NaiveDate};
use diesel::pg::{Pg, PgTypeMetadata};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Array, Binary, Bool, Date, HasSqlType, Text, Uuid as SqlUuid};
use std::fmt;
use std::io::Write;
use std::marker::PhantomData;
use uuid::Uuid;

/// One column of many rows, bound as an array of `ST`.
pub(super) struct Column<ST> {
    /// Each element as its length and its bytes; length -1 for null.
    elements: Vec<u8>,
    length: i32,
    has_nulls: bool,
    sql_type: PhantomData<fn() -> ST>,
}

impl<ST> fmt::Debug for Column<ST> {
    /// Shows no element: they are personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Column({})", self.length)
    }
}

impl<ST> Default for Column<ST> {
    fn default() -> Self {
        Self { elements: vec![], length: 0, has_nulls: false, sql_type: PhantomData }
    }
}

impl<ST> Column<ST> {
    fn push_bytes(&mut self, bytes: &[u8]) {
        self.elements.extend_from_slice(&(bytes.len() as i32).to_be_bytes());
        self.elements.extend_from_slice(bytes);
        self.length += 1;
    }

    fn push_null(&mut self) {
        self.elements.extend_from_slice(&(-1_i32).to_be_bytes());
        self.length += 1;
        self.has_nulls = true;
    }

    /// Bytes that the elements take.
    pub(super) fn size(&self) -> usize {
        self.elements.len()
    }

    /// The elements as bytes, for columns without nulls.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = self.elements.as_slice();
        std::iter::from_fn(move || {
            let (length, following) = rest.split_first_chunk::<4>()?;
            let (element, following) = following.split_at_checked(i32::from_be_bytes(*length) as usize)?;
            rest = following;
            Some(element)
        })
    }
}

impl Column<Text> {
    pub(super) fn push(&mut self, text: &str) {
        self.push_bytes(text.as_bytes());
    }

    pub(super) fn push_option(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.push(text),
            None => self.push_null(),
        }
    }
}

impl Column<Binary> {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.push_bytes(bytes);
    }
}

impl Column<SqlUuid> {
    pub(super) fn push(&mut self, id: Uuid) {
        self.push_bytes(id.as_bytes());
    }
}

impl Column<Date> {
    /// PostgreSQL counts days from 1 January 2000, the 730,120th day of the common era.
    pub(super) fn push(&mut self, day: NaiveDate) {
        self.push_bytes(&(day.num_days_from_ce() - 730_120).to_be_bytes());
    }

    pub(super) fn push_option(&mut self, day: Option<NaiveDate>) {
        match day {
            Some(day) => self.push(day),
            None => self.push_null(),
        }
    }
}

impl Column<Bool> {
    /// Bytes of one element: its length and its value.
    const ELEMENT: usize = 5;

    pub(super) fn push(&mut self, value: bool) {
        self.push_bytes(&[u8::from(value)]);
    }

    pub(super) fn set(&mut self, index: usize, value: bool) {
        if let Some(byte) = self.elements.get_mut(index * Self::ELEMENT + Self::ELEMENT - 1) {
            *byte = u8::from(value);
        }
    }

    pub(super) fn get(&self, index: usize) -> bool {
        self.elements.get(index * Self::ELEMENT + Self::ELEMENT - 1).is_some_and(|byte| *byte == 1)
    }
}

impl<ST> ToSql<Array<ST>, Pg> for Column<ST>
where
    Pg: HasSqlType<ST>,
    ST: 'static,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let element: PgTypeMetadata = <Pg as HasSqlType<ST>>::metadata(out.metadata_lookup());
        let dimensions: i32 = 1;
        out.write_all(&dimensions.to_be_bytes())?;
        out.write_all(&i32::from(self.has_nulls).to_be_bytes())?;
        out.write_all(&element.oid()?.to_be_bytes())?;
        out.write_all(&self.length.to_be_bytes())?;
        let lower_bound: i32 = 1;
        out.write_all(&lower_bound.to_be_bytes())?;
        out.write_all(&self.elements)?;
        Ok(IsNull::No)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_come_back_in_order() {
        let mut column = Column::<Text>::default();
        column.push("uno");
        column.push("");
        column.push("tre");
        assert_eq!(column.iter().collect::<Vec<_>>(), [b"uno".as_slice(), b"", b"tre"]);
    }

    #[test]
    fn the_epoch_of_dates_is_postgresqls() {
        assert_eq!(NaiveDate::from_ymd_opt(2000, 1, 1).unwrap().num_days_from_ce(), 730_120);
    }

    #[test]
    fn a_boolean_can_be_changed_in_place() {
        let mut column = Column::<Bool>::default();
        column.push(true);
        column.push(true);
        column.set(1, false);
        assert!(column.get(0));
        assert!(!column.get(1));
    }
}
