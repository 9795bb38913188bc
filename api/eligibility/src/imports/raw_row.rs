//! A row as it was pushed, before its rules are checked; and the reading of NDJSON lines.

use super::Fault;
use concilia_kernel::text_enum;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

text_enum! {
    /// A field of a pushed employee: member name in NDJSON, column name in CSV.
    pub enum Field {
        ExternalId = "external_id",
        TaxCode = "tax_code",
        GivenName = "given_name",
        FamilyName = "family_name",
        Email = "email",
        EmployedFrom = "employed_from",
        EmployedTo = "employed_to",
        ContractType = "contract_type",
        ShiftWorker = "shift_worker",
        Workplace = "workplace",
    }
}

impl Field {
    pub(crate) fn is_required(self) -> bool {
        !matches!(self, Self::Email | Self::EmployedTo | Self::Workplace)
    }
}

/// A value as it was pushed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Raw<'a> {
    /// Absent, null, or an empty cell.
    #[default]
    Missing,
    Text(Cow<'a, str>),
    Bool(bool),
    /// A number, a list or an object: never right.
    Other,
}

/// The values of a row, by field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct RawRow<'a>([Raw<'a>; Field::ALL.len()]);

impl<'a> RawRow<'a> {
    pub(crate) fn set(&mut self, field: Field, value: Raw<'a>) {
        self.0[field as usize] = value;
    }

    pub(crate) fn get(&self, field: Field) -> &Raw<'a> {
        &self.0[field as usize]
    }
}

/// Reads one line of NDJSON. Faults of single members do not hide those of the others.
pub(super) fn read_json<'a>(line: &'a str, faults: &mut Vec<Fault>) -> Option<RawRow<'a>> {
    let mut deserializer = serde_json::Deserializer::from_str(line);
    let row = deserializer.deserialize_map(RowVisitor(faults)).ok().filter(|_| deserializer.end().is_ok());
    if row.is_none() {
        faults.clear();
        faults.push(Fault::of_line("malformed_json"));
    }
    row
}

struct RowVisitor<'f>(&'f mut Vec<Fault>);

impl<'de> Visitor<'de> for RowVisitor<'_> {
    type Value = RawRow<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an employee")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawRow<'de>, A::Error> {
        let mut row = RawRow::default();
        let mut seen = [false; Field::ALL.len()];
        while let Some(key) = map.next_key()? {
            match key {
                Key::Known(field) => {
                    if std::mem::replace(&mut seen[field as usize], true) {
                        self.0.push(Fault::of_field(field, "duplicate"));
                    }
                    row.set(field, map.next_value()?);
                }
                Key::Unknown(name) => {
                    self.0.push(Fault { field: Some(name.into()), code: "unknown_field" });
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(row)
    }
}

enum Key {
    Known(Field),
    Unknown(String),
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl Visitor<'_> for KeyVisitor {
            type Value = Key;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member name")
            }
            fn visit_str<E>(self, name: &str) -> Result<Key, E> {
                let known = Field::ALL.iter().find(|field| field.as_str() == name);
                Ok(known.map_or_else(
                    || Key::Unknown(name.chars().filter(|c| !c.is_control()).take(64).collect()),
                    |field| Key::Known(*field),
                ))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

impl<'de> Deserialize<'de> for Raw<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Raw<'de>, E> {
        Ok(Raw::Text(Cow::Borrowed(text)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Raw<'de>, E> {
        Ok(Raw::Text(Cow::Owned(text.to_owned())))
    }
    fn visit_bool<E>(self, value: bool) -> Result<Raw<'de>, E> {
        Ok(Raw::Bool(value))
    }
    fn visit_unit<E>(self) -> Result<Raw<'de>, E> {
        Ok(Raw::Missing)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Raw<'de>, E> {
        Ok(Raw::Other)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Raw<'de>, E> {
        Ok(Raw::Other)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Raw<'de>, E> {
        Ok(Raw::Other)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw<'de>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Raw::Other)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Raw::Other)
    }
}
