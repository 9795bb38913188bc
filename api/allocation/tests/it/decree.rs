//! The table that goes with the decree, read back by other people's readers.

use crate::scratch::{Answer, REAL, Scratch, real_terms, with_scratch};
use calamine::{Data, DataType, Range, Reader, Xlsx};
use concilia_kernel::Role;
use concilia_kernel::money::Money;
use serde_json::json;
use std::io::Cursor;
use uuid::Uuid;

/// Text of a PDF without the spaces, which it only implies.
fn text(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let pdf = lopdf::Document::load_mem(&answer.bytes).unwrap();
    let pages: Vec<u32> = pdf.get_pages().keys().copied().collect();
    pdf.extract_text(&pages).unwrap().split_whitespace().collect()
}

fn sheet(answer: &Answer, name: &str) -> Range<Data> {
    assert_eq!(answer.status, 200, "{}", answer.body);
    Xlsx::new(Cursor::new(answer.bytes.as_slice())).unwrap().worksheet_range(name).unwrap()
}

/// The cells under a heading, down to the last row.
fn column(sheet: &Range<Data>, title: &str) -> Vec<Data> {
    let found = sheet.used_cells().find(|(_, _, cell)| cell.as_string().as_deref() == Some(title));
    let (row, column, _) = found.unwrap_or_else(|| panic!("no column {title}"));
    sheet.rows().skip(row + 1).map(|cells| cells[column].clone()).collect()
}

/// As numbers: a text would not pass.
fn amounts(cells: &[Data]) -> Vec<f64> {
    cells
        .iter()
        .map(|cell| if let Data::Float(value) = cell { *value } else { panic!("{cell:?} is no number") })
        .collect()
}

fn number(amount: &str) -> f64 {
    amount.parse().unwrap()
}

fn italian(amount: &str) -> String {
    let amount: Money = amount.parse().unwrap();
    concilia_documents::money(concilia_kernel::language::Language::Italian, amount).replace('\u{a0}', "")
}

async fn computed(scratch: &Scratch) -> Uuid {
    let call = scratch.real_call().await;
    scratch.allocate(&scratch.ats(), &call, real_terms()).await.id()
}

#[test]
fn the_table_of_2020_is_read_back_to_the_cent() {
    with_scratch(async |scratch| {
        let run = computed(&scratch).await;
        assert_eq!(scratch.approve(&scratch.ats(), run).await.status, 200);
        let reader = scratch.actor(Role::AllianceLead);

        let book = scratch.get(Some(&reader), &format!("/v1/allocations/{run}/xlsx")).await;
        let table = sheet(&book, "Riparto");
        let with_sum =
            |values: [&str; 7], sum: &str| values.into_iter().chain([sum]).map(number).collect::<Vec<_>>();
        assert_eq!(amounts(&column(&table, "Contributo assegnato")), with_sum(REAL.map(|row| row.2), "171718.40"));
        assert_eq!(amounts(&column(&table, "Contributo richiesto")), with_sum(REAL.map(|row| row.0), "238000.00"));
        let residue = ["0", "0", "0", "0", "0", "0", "38.40"];
        assert_eq!(amounts(&column(&table, "Quota del residuo")), with_sum(residue, "38.40"));
        let shares = column(&table, "Percentuale");
        assert_eq!(amounts(&shares[..7]), [0.87, 0.87, 0.87, 0.66, 0.66, 0.66, 0.5]);
        assert_eq!(amounts(&column(&sheet(&book, "Fasce"), "Residuo")), [0.0, 0.0, 38.4, 38.4]);

        let paper = text(&scratch.get(Some(&reader), &format!("/v1/allocations/{run}/pdf")).await);
        for (requested, _, assigned) in REAL {
            assert!(paper.contains(&italian(assigned)) && paper.contains(&italian(requested)), "{paper}");
        }
        for expected in
            ["171.718,40€", "238.000,00€", "38,40€", "87%", "66%", "50%", "Decreton.452del24luglio2020"]
        {
            assert!(paper.contains(expected), "{expected} in {paper}");
        }
        assert!(paper.contains("IlDirettoregenerale") && !paper.contains("NONAPPROVATO"), "{paper}");
    });
}

#[test]
fn a_run_that_is_not_in_force_says_so_and_leaves_no_place_to_sign() {
    with_scratch(async |scratch| {
        let run = computed(&scratch).await;
        let ats = scratch.ats();
        let pdf = format!("/v1/allocations/{run}/pdf");
        let paper = text(&scratch.get(Some(&ats), &pdf).await);
        assert!(paper.contains("NONAPPROVATO") && !paper.contains("IlDirettoregenerale"), "{paper}");
        let book = scratch.get(Some(&ats), &format!("/v1/allocations/{run}/xlsx")).await;
        let lines = sheet(&book, "Riparto");
        let marked = |cell: &Data| cell.as_string().is_some_and(|text| text.starts_with("NON APPROVATO"));
        assert!(lines.used_cells().any(|(_, _, cell)| marked(cell)));

        // As hidden as the run itself.
        for path in [pdf.clone(), format!("/v1/allocations/{run}/xlsx")] {
            assert_eq!(scratch.get(Some(&scratch.actor(Role::AllianceLead)), &path).await.status, 404);
            assert_eq!(scratch.get(Some(&scratch.stranger()), &path).await.status, 404);
        }
        let discard = json!({"reason": "Percentuali da rivedere"});
        assert_eq!(scratch.post(&ats, &format!("/v1/allocations/{run}/discard"), discard).await.status, 200);
        assert!(text(&scratch.get(Some(&ats), &pdf).await).contains("SCARTATO"));
    });
}

#[test]
fn a_lower_admissible_amount_is_printed_with_its_reason() {
    with_scratch(async |scratch| {
        let call = scratch.real_call().await;
        let ats = scratch.ats();
        let lowered = json!({"amount": "30000.00", "reason": "Spese non pertinenti"});
        let path = format!("/v1/projects/{}/admissible-amount", call.projects[1]);
        let set = scratch.put(&ats, &path, lowered).await;
        assert_eq!(set.status, 200, "{}", set.body);
        let run = scratch.allocate(&ats, &call, real_terms()).await.id();
        let paper = text(&scratch.get(Some(&ats), &format!("/v1/allocations/{run}/pdf")).await);
        assert!(paper.contains("Spesenonpertinenti") && paper.contains("30.000,00€"), "{paper}");
        let table = sheet(&scratch.get(Some(&ats), &format!("/v1/allocations/{run}/xlsx")).await, "Riparto");
        assert_eq!(column(&table, "Importo ammissibile")[1], Data::Float(30_000.0));
        assert_eq!(
            column(&table, "Motivo dell'importo ammissibile")[1],
            Data::String("Spese non pertinenti".into())
        );
    });
}
