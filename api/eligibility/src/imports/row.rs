//! The rules of a pushed employee, the same for imports and for the single upsert.

use super::Fault;
use super::raw_row::{Field, Raw, RawRow};
use crate::employees::ContractType;
use chrono::{Datelike, NaiveDate};
use concilia_kernel::identifiers::TaxCode;
use validator::ValidateEmail;

/// An employee that keeps the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmployeeRow<'a> {
    /// The employer's own identifier of the person, 1 to 64 characters.
    pub external_id: &'a str,
    pub tax_code: TaxCode,
    /// 1 to 120 characters.
    pub given_name: &'a str,
    /// 1 to 120 characters.
    pub family_name: &'a str,
    pub email: Option<&'a str>,
    /// First day of employment.
    pub employed_from: NaiveDate,
    /// Last day of employment, once known.
    pub employed_to: Option<NaiveDate>,
    pub contract_type: ContractType,
    pub shift_worker: bool,
    /// At most 200 characters.
    pub workplace: Option<&'a str>,
}

/// Checks every field and reports all faults. Blanks around values are not part of them.
pub(crate) fn check<'a>(row: &'a RawRow<'_>, faults: &mut Vec<Fault>) -> Option<EmployeeRow<'a>> {
    let earlier = faults.len();
    let mut reader = Reader { row, faults };
    let external_id = reader.text(Field::ExternalId, 64);
    let tax_code = reader.parsed(Field::TaxCode, |text| TaxCode::parse(text).map_err(|_| "tax_code_invalid"));
    let given_name = reader.text(Field::GivenName, 120);
    let family_name = reader.text(Field::FamilyName, 120);
    let email = reader.text(Field::Email, 254);
    let employed_from = reader.parsed(Field::EmployedFrom, parse_day);
    let employed_to = reader.parsed(Field::EmployedTo, parse_day);
    let contract_type = reader.parsed(Field::ContractType, parse_contract_type);
    let shift_worker = reader.bool(Field::ShiftWorker);
    let workplace = reader.text(Field::Workplace, 200);
    if email.is_some_and(|email| !email.validate_email()) {
        faults.push(Fault::of_field(Field::Email, "email"));
    }
    if employed_from.zip(employed_to).is_some_and(|(from, to)| to < from) {
        faults.push(Fault::of_field(Field::EmployedTo, "date_order"));
    }
    if faults.len() > earlier {
        return None;
    }
    Some(EmployeeRow {
        external_id: external_id?,
        tax_code: tax_code?,
        given_name: given_name?,
        family_name: family_name?,
        email,
        employed_from: employed_from?,
        employed_to,
        contract_type: contract_type?,
        shift_worker: shift_worker?,
        workplace,
    })
}

/// The external id of a row, good or bad, where it can be read: its person is not missing.
pub(super) fn external_id_of<'a>(row: &'a RawRow<'_>) -> Option<&'a str> {
    Reader { row, faults: &mut vec![] }.text(Field::ExternalId, 64)
}

struct Reader<'r, 'a, 'f> {
    row: &'a RawRow<'r>,
    faults: &'f mut Vec<Fault>,
}

impl<'a> Reader<'_, 'a, '_> {
    fn fault<T>(&mut self, field: Field, code: &'static str) -> Option<T> {
        self.faults.push(Fault::of_field(field, code));
        None
    }

    fn filled(&mut self, field: Field) -> Option<&'a str> {
        match self.row.get(field) {
            Raw::Text(text) if !text.trim().is_empty() => Some(text.trim()),
            Raw::Missing | Raw::Text(_) if field.is_required() => self.fault(field, "required"),
            Raw::Missing | Raw::Text(_) => None,
            Raw::Bool(_) | Raw::Other => self.fault(field, "type"),
        }
    }

    fn text(&mut self, field: Field, longest: usize) -> Option<&'a str> {
        let text = self.filled(field)?;
        if text.len() > longest && text.chars().count() > longest {
            return self.fault(field, "length");
        }
        if text.chars().any(char::is_control) {
            return self.fault(field, "control_character");
        }
        Some(text)
    }

    fn parsed<T>(&mut self, field: Field, parse: impl FnOnce(&str) -> Result<T, &'static str>) -> Option<T> {
        let text = self.filled(field)?;
        match parse(text) {
            Ok(value) => Some(value),
            Err(code) => self.fault(field, code),
        }
    }

    fn bool(&mut self, field: Field) -> Option<bool> {
        match self.row.get(field) {
            Raw::Bool(value) => Some(*value),
            _ => self.parsed(field, parse_bool),
        }
    }
}

/// HR systems write booleans in many ways.
fn parse_bool(text: &str) -> Result<bool, &'static str> {
    const TRUE: &[&str] = &["true", "1", "sì", "si", "s", "yes", "y", "vero"];
    const FALSE: &[&str] = &["false", "0", "no", "n", "falso"];
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(TRUE) || text == "SÌ" {
        Ok(true)
    } else if is(FALSE) {
        Ok(false)
    } else {
        Err("type")
    }
}

fn parse_contract_type(text: &str) -> Result<ContractType, &'static str> {
    ContractType::ALL.iter().find(|known| known.as_str().eq_ignore_ascii_case(text)).copied().ok_or("type")
}

/// `2026-03-01`, or `01/03/2026` as Italian spreadsheets write it; years 1900 to 2199.
fn parse_day(text: &str) -> Result<NaiveDate, &'static str> {
    let (year, month, day) = match text.as_bytes() {
        [y @ .., b'-', m1, m2, b'-', d1, d2] if y.len() == 4 => (y, [*m1, *m2], [*d1, *d2]),
        [d1, d2, b'/', m1, m2, b'/', y @ ..] if y.len() == 4 => (y, [*m1, *m2], [*d1, *d2]),
        _ => return Err("type"),
    };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_i32, |n, digit| digit.is_ascii_digit().then(|| n * 10 + i32::from(digit - b'0')))
    };
    let (Some(year), Some(month), Some(day)) = (number(year), number(&month), number(&day)) else {
        return Err("type");
    };
    let date = NaiveDate::from_ymd_opt(year, month.unsigned_abs(), day.unsigned_abs()).ok_or("type")?;
    if (1900..2200).contains(&date.year()) { Ok(date) } else { Err("range") }
}
