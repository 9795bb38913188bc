//! Cutting and reading hold whatever the bytes, and wherever the network cuts them.

use super::csv_fields::{CsvFields, CsvLayout};
use super::raw_row::{Field, Raw, RawRow, read_json};
use super::reader::{Batch, Reader, Step};
use super::records::{Format, RECORD_LIMIT, Record, Records};
use super::row::check;
use concilia_kernel::vault::Vault;
use proptest::prelude::*;
use uuid::Uuid;

#[derive(Debug, PartialEq, Eq)]
enum Cut {
    Row(i64, Vec<u8>),
    Fault(i64, &'static str),
}

/// What comes out when `text` is fed in pieces that end at `borders`, resuming at each record when told.
fn cut(format: Format, text: &[u8], borders: &[usize]) -> Vec<Cut> {
    let mut records = Records::new(format, (0, 1));
    let mut out = vec![];
    let mut start = 0;
    for border in borders.iter().copied().chain([text.len()]) {
        let border = border.clamp(start, text.len());
        records.feed(&text[start..border]);
        start = border;
        drain(&mut records, &mut out);
    }
    records.end();
    drain(&mut records, &mut out);
    out
}

fn drain(records: &mut Records, out: &mut Vec<Cut>) {
    while let Some(record) = records.next() {
        out.push(match record {
            Record::Row(line, bytes) => Cut::Row(line, bytes.to_vec()),
            Record::Fault(line, code) => Cut::Fault(line, code),
        });
    }
}

const NDJSON: Format = Format::Ndjson;
const CSV: Format = Format::Csv { delimiter: b',' };

fn rows(format: Format, text: &str) -> Vec<(i64, String)> {
    cut(format, text.as_bytes(), &[])
        .into_iter()
        .map(|cut| match cut {
            Cut::Row(line, bytes) => (line, String::from_utf8(bytes).unwrap()),
            Cut::Fault(line, code) => (line, format!("!{code}")),
        })
        .collect()
}

fn pairs(expected: &[(i64, &str)]) -> Vec<(i64, String)> {
    expected.iter().map(|(line, text)| (*line, (*text).to_owned())).collect()
}

#[test]
fn lines_end_as_on_any_system_and_the_last_needs_no_end() {
    assert_eq!(rows(NDJSON, "a\r\nb\n\nc"), pairs(&[(1, "a"), (2, "b"), (3, ""), (4, "c")]));
    assert_eq!(rows(NDJSON, "\u{feff}a\n"), pairs(&[(1, "a")]));
    assert_eq!(rows(NDJSON, ""), pairs(&[]));
}

#[test]
fn a_quoted_csv_field_may_hold_a_line_end() {
    assert_eq!(rows(CSV, "a,\"b\nc\"\r\nd\n"), pairs(&[(1, "a,\"b\nc\""), (3, "d")]));
    assert_eq!(rows(CSV, "a,b\"c\nd\n"), pairs(&[(1, "a,b\"c"), (2, "d")]));
    assert_eq!(rows(CSV, "\"a\"\"b\"\nc"), pairs(&[(1, "\"a\"\"b\""), (2, "c")]));
}

#[test]
fn a_quote_left_open_costs_its_own_line_only() {
    assert_eq!(rows(CSV, "a,\"b\nc\nd\n"), pairs(&[(1, "!unclosed_quote"), (2, "c"), (3, "d")]));
    let many = format!("\"a\n{}", "b\n".repeat(40));
    let cut = rows(CSV, &many);
    assert_eq!(cut[0], (1, "!unclosed_quote".to_owned()));
    assert_eq!(cut.len(), 41);
}

#[test]
fn a_line_too_long_is_passed_over() {
    let fits = "x".repeat(RECORD_LIMIT);
    let long = "x".repeat(RECORD_LIMIT + 1);
    for format in [NDJSON, CSV] {
        assert_eq!(rows(format, &format!("{fits}\r\na\n")), pairs(&[(1, &fits), (2, "a")]));
        assert_eq!(rows(format, &format!("{long}\na\n")), pairs(&[(1, "!line_too_long"), (2, "a")]));
        assert_eq!(rows(format, &format!("a\n{long}")), pairs(&[(1, "a"), (2, "!line_too_long")]));
    }
}

#[test]
fn what_is_too_long_is_not_kept() {
    let mut records = Records::new(NDJSON, (0, 1));
    for _ in 0..100 {
        records.feed(&vec![b'x'; 65_536]);
        assert!(records.next().is_none());
    }
    records.feed(b"\nok\n");
    assert_eq!(records.next(), Some(Record::Fault(1, "line_too_long")));
    assert_eq!(records.next(), Some(Record::Row(2, b"ok")));
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    let plain = prop::sample::select(b"ab,;\"\n\r \xEF\xBB\xBF{}".to_vec());
    prop_oneof![
        prop::collection::vec(plain, 0..200),
        // Around the limit of a record.
        (0..4_usize, prop::collection::vec(prop::sample::select(b"a,\"\n".to_vec()), 0..20), 0..4_usize).prop_map(
            |(less, middle, more)| {
                let mut text = vec![b'x'; RECORD_LIMIT - less];
                text.extend(middle);
                text.extend(vec![b'y'; RECORD_LIMIT / 2 + more]);
                text.extend(b"\"\nlast");
                text
            }
        ),
    ]
}

proptest! {
    #[test]
    fn pieces_make_no_difference(
        text in text(),
        borders in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        csv in any::<bool>(),
    ) {
        let format = if csv { CSV } else { NDJSON };
        let mut borders: Vec<usize> = borders.iter().map(|index| index.index(text.len() + 1)).collect();
        borders.sort_unstable();
        prop_assert_eq!(cut(format, &text, &borders), cut(format, &text, &[]));
    }

    #[test]
    fn one_byte_at_a_time_makes_no_difference(text in prop::collection::vec(prop::sample::select(b"a,\"\n\r\xEF\xBB\xBF".to_vec()), 0..60)) {
        let borders: Vec<usize> = (0..text.len()).collect();
        prop_assert_eq!(cut(CSV, &text, &borders), cut(CSV, &text, &[]));
        prop_assert_eq!(cut(NDJSON, &text, &borders), cut(NDJSON, &text, &[]));
    }

    #[test]
    fn reading_resumes_at_any_record(text in text(), csv in any::<bool>(), stop in 0..6_usize) {
        let format = if csv { CSV } else { NDJSON };
        let mut records = Records::new(format, (0, 1));
        records.feed(&text);
        records.end();
        let mut before = 0;
        while before < stop && records.next().is_some() {
            before += 1;
        }
        let (offset, line) = records.position();
        let mut resumed = Records::new(format, (offset, line));
        resumed.feed(&text[offset as usize..]);
        resumed.end();
        let mut out = vec![];
        drain(&mut resumed, &mut out);
        prop_assert_eq!(out, cut(format, &text, &[]).split_off(before));
    }

    /// Against the csv crate, on text that both call one record.
    #[test]
    fn csv_fields_are_what_the_csv_crate_reads(record in "[ab;,\" ]{1,40}") {
        prop_assume!(matches!(cut(CSV, record.as_bytes(), &[]).as_slice(), [Cut::Row(1, _)]));
        let mut oracle = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(record.as_bytes());
        let expected: Vec<String> = oracle.records().next().unwrap().unwrap().iter().map(str::to_owned).collect();
        let mut fields = CsvFields::default();
        fields.read(&record, b',');
        prop_assert_eq!(fields.iter().map(str::to_owned).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn csv_and_ndjson_say_the_same(values in prop::collection::vec("[ -~àèìòù€]{0,12}", 10), semicolon in any::<bool>()) {
        let object: serde_json::Map<String, serde_json::Value> = Field::ALL
            .iter()
            .zip(&values)
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(field, value)| (field.to_string(), value.as_str().into()))
            .collect();
        let line = serde_json::Value::Object(object).to_string();
        let delimiter = if semicolon { b';' } else { b',' };
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(vec![]);
        writer.write_record(Field::ALL.iter().map(|field| field.as_str())).unwrap();
        writer.write_record(&values).unwrap();
        let written = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let (header, record) = written.split_once('\n').unwrap();
        let layout = CsvLayout::read(header).unwrap();
        prop_assert_eq!(layout.delimiter, delimiter);
        let mut fields = CsvFields::default();
        fields.read(record.trim_end_matches('\n'), delimiter);
        let mut faults = vec![];
        prop_assert_eq!(layout.row(&fields), read_json(&line, &mut faults));
        prop_assert!(faults.is_empty());
    }

    #[test]
    fn no_row_makes_the_rules_panic(values in prop::collection::vec(raw(), 10)) {
        let mut row = RawRow::default();
        for (field, value) in Field::ALL.iter().zip(values) {
            row.set(*field, value);
        }
        let mut faults = vec![];
        let good = check(&row, &mut faults).is_some();
        prop_assert_eq!(good, faults.is_empty());
    }

    #[test]
    fn no_bytes_make_the_reader_panic(text in prop::collection::vec(any::<u8>(), 0..300), csv in any::<bool>()) {
        let (step, _) = read(csv, &text);
        prop_assert!(matches!(step, Step::Last(_) | Step::Header(_)));
    }
}

fn raw() -> impl Strategy<Value = Raw<'static>> {
    let text = prop_oneof![
        ".{0,20}".prop_map(String::from),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}".prop_map(String::from),
        "[0-9]{2}/[0-9]{2}/[0-9]{4}".prop_map(String::from),
        "[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}[A-Z][0-9]{3}[A-Z]".prop_map(String::from),
        Just("x".repeat(300)),
    ];
    prop_oneof![
        4 => text.prop_map(|text| Raw::Text(text.into())),
        1 => any::<bool>().prop_map(Raw::Bool),
        1 => Just(Raw::Missing),
        1 => Just(Raw::Other),
    ]
}

fn read(csv: bool, text: &[u8]) -> (Step, Vault) {
    let vault = Vault::new(&[7; 32]).unwrap();
    let mut reader = Reader::new(Uuid::nil(), csv, None, (0, 1));
    reader.feed(text);
    reader.end();
    (reader.step(&vault), vault)
}

fn last(csv: bool, text: &str) -> Batch {
    match read(csv, text.as_bytes()).0 {
        Step::Last(batch) => batch,
        other => panic!("{other:?}"),
    }
}

fn faults(batch: &Batch) -> Vec<(i64, Option<&str>, &str)> {
    batch.errors.iter().map(|error| (error.line, error.field.as_deref(), error.code.as_str())).collect()
}

const GOOD: &str = r#"{"external_id":"1","tax_code":"rssmra80a01h501u","given_name":"Maria","family_name":"Rossi","employed_from":"01/03/2020","contract_type":"Permanent","shift_worker":"False"}"#;

#[test]
fn bad_rows_are_told_by_line_field_and_code_and_do_not_stop_the_good() {
    let text = [
        GOOD,
        "not json",
        "[1]",
        r#"{"external_id":"2","tax_code":"RSSMRA80A01H501X","given_name":" ","family_name":"a\u0000b","email":"x","employed_from":"2020-02-31","employed_to":7,"contract_type":"eternal","shift_worker":"maybe","job":"x"}"#,
        "",
        &GOOD.replace("\"1\"", "\"3\"").replace('}', r#","employed_to":"2020-02-29"}"#),
        &GOOD.replace("\"1\"", "\"4\""),
    ]
    .join("\n");
    let batch = last(false, &text);
    assert_eq!((batch.employees.len(), batch.faulty, batch.records), (2, 4, 6));
    assert_eq!(
        faults(&batch),
        [
            (2, None, "malformed_json"),
            (3, None, "malformed_json"),
            (4, Some("job"), "unknown_field"),
            (4, Some("tax_code"), "tax_code_invalid"),
            (4, Some("given_name"), "required"),
            (4, Some("family_name"), "control_character"),
            (4, Some("employed_from"), "type"),
            (4, Some("employed_to"), "type"),
            (4, Some("contract_type"), "type"),
            (4, Some("shift_worker"), "type"),
            (4, Some("email"), "email"),
            (6, Some("employed_to"), "date_order"),
        ]
    );
    assert_eq!(batch.present, ["2", "3"]);
}

#[test]
fn an_italian_spreadsheet_is_read() {
    let batch = last(
        true,
        "\u{feff}Tax_Code;external_id;given_name;family_name;employed_from;contract_type;shift_worker;workplace\r\n\
         RSSMRA80A01H501U;1;Maria;\"De \"\"Rossi\"\"\";01/03/2020;permanent;sì;\"Via Roma 1\r\nMantova\"\r\n\
         RSSMRA80A01H501U;2;Maria;Rossi;01/03/2020;permanent;SÌ;\r\n\
         ;;;;;;;\r\n\
         RSSMRA80A01H501U;3;Maria;Rossi\r\n",
    );
    assert_eq!(faults(&batch), [(2, Some("workplace"), "control_character"), (6, None, "column_count")]);
    assert_eq!((batch.employees.len(), batch.records), (1, 3));
}

#[test]
fn a_header_line_must_name_the_columns() {
    let Step::Header(errors) = read(true, b"external_id,tax_code,tax_code,salary\n").0 else { panic!() };
    let told: Vec<_> =
        errors.iter().map(|error| (error.line, error.field.as_deref(), error.code.as_str())).collect();
    assert_eq!(told[..2], [(1, Some("tax_code"), "duplicate"), (1, Some("salary"), "unknown_field")]);
    assert!(told.contains(&(1, Some("given_name"), "required")));
    assert!(matches!(read(true, b"").0, Step::Header(_)));
}
