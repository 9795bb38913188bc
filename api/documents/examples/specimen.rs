//! Writes `specimen.pdf` and `specimen.xlsx` in the folder given (or here): every block once, with real figures.

use chrono::NaiveDate;
use concilia_documents::{
    Act, Agency, Block, Cell, Chart, ChartKind, Column, Document, Gantt, GanttRow, Run, Series, Sheet, Signature,
    SignatureBlock, Table, Unit, Workbook, render_pdf, render_xlsx,
};
use concilia_kernel::Money;
use concilia_kernel::language::Language;
use rust_decimal::Decimal;
use std::error::Error;
use std::path::PathBuf;

const ROWS: [(&str, i64, i64, i64, i64, i64); 7] = [
    ("Camera di Commercio di Cremona", 36_000_00, 20_000_00, 60, 87, 17_400_00),
    ("Comune di Borgo Virgilio", 84_878_00, 40_000_00, 59, 87, 34_800_00),
    ("COSPER Società Cooperativa Sociale", 67_500_00, 40_000_00, 57, 87, 34_800_00),
    ("Camera di Commercio di Mantova", 50_000_00, 35_000_00, 50, 66, 23_100_00),
    ("Consorzio Casalasco dei Servizi Sociali", 60_000_00, 40_000_00, 47, 66, 26_400_00),
    ("Azienda Speciale Consortile Socialis", 40_000_00, 23_000_00, 44, 66, 15_180_00),
    ("Comune di Cremona", 57_143_00, 40_000_00, 29, 50, 20_038_40),
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".to_owned()));
    let document = decree().ok_or("a date of the specimen is not in the calendar")?;
    std::fs::write(folder.join("specimen.pdf"), render_pdf(&document)?)?;
    let workbook = Workbook {
        language: Language::Italian,
        title: "Riparto del contributo".to_owned(),
        agency: document.agency.name.clone(),
        date: document.date,
        sheets: vec![Sheet::new("Riparto", allocation()), Sheet::new("Spese", expenses(80, document.date))],
    };
    std::fs::write(folder.join("specimen.xlsx"), render_xlsx(&workbook)?)?;
    Ok(())
}

fn decree() -> Option<Document> {
    let date = NaiveDate::from_ymd_opt(2020, 6, 3)?;
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day);
    let row = |label: &str, planned: (NaiveDate, NaiveDate), actual: Option<(NaiveDate, NaiveDate)>| GanttRow {
        label: label.to_owned(),
        planned: vec![planned],
        actual: actual.into_iter().collect(),
        milestones: vec![planned.1],
    };
    let mut blocks = preamble();
    blocks.extend([
        Block::heading(1, "Riparto del contributo"),
        Block::paragraph(
            "Il contributo richiesto dalle alleanze supera la dotazione: le percentuali delle fasce sono perciò \
             ridotte all'87%, al 66% e al 50%; il residuo di 38,40 € è attribuito all'ultima fascia.",
        ),
        Block::KeyValues(vec![
            ("Dotazione".to_owned(), Money::from_cents(171_718_40).into()),
            ("Contributo richiesto".to_owned(), Money::from_cents(238_000_00).into()),
            ("Domande ammissibili".to_owned(), 7.into()),
            ("Atto di indirizzo".to_owned(), "Decreto n. 103 del 28/02/2020".into()),
        ]),
        Block::Table(allocation()),
        Block::heading(2, "Confronto fra richiesto e assegnato"),
        Block::Chart(by_lead(ChartKind::Bars)),
        Block::heading(2, "Cofinanziamento"),
        Block::Chart(financing()),
        Block::Chart(composition()),
        Block::heading(1, "Indicatori"),
        Block::Chart(reached()),
        Block::heading(1, "Cronoprogramma"),
        Block::Gantt(Gantt {
            title: "Attività del progetto «Eugenio 2020-23»".to_owned(),
            label: "Attività".to_owned(),
            from: date,
            to: day(2023, 5, 31)?,
            rows: vec![
                row(
                    "Voucher di conciliazione (a rimborso)",
                    (day(2020, 9, 1)?, day(2021, 6, 30)?),
                    Some((day(2020, 10, 1)?, day(2021, 9, 15)?)),
                ),
                row("Servizi education e counseling", (day(2020, 7, 1)?, day(2022, 12, 31)?), None),
                row(
                    "Sportello per le famiglie e registro babysitter",
                    (day(2021, 1, 1)?, day(2023, 5, 31)?),
                    None,
                ),
            ],
            planned: "previsto".to_owned(),
            actual: "svolto".to_owned(),
            empty: "Nessuna attività".to_owned(),
        }),
        Block::Landscape(vec![Block::heading(1, "Spese rendicontate"), Block::Table(expenses(80, date))]),
        Block::Formula("DISPONE".to_owned()),
        Block::numbered_list([
            "di approvare il riparto di cui alla Tabella 1, parte integrante del presente atto;",
            "di dare atto che la liquidazione avverrà in tre quote, dopo la firma della convenzione;",
            "di pubblicare il presente provvedimento all'albo on line.",
        ]),
        Block::Signatures(SignatureBlock {
            place_and_date: Some("Mantova, 3 giugno 2020".to_owned()),
            signatures: vec![Signature {
                role: "Il Direttore generale".to_owned(),
                name: "dott.ssa Maria Niccolò D'Alò".to_owned(),
                note: Some("documento firmato digitalmente ai sensi del d.lgs. 82/2005".to_owned()),
            }],
        }),
    ]);
    Some(Document {
        language: Language::Italian,
        agency: Agency {
            name: "ATS della Val Padana".to_owned(),
            details: vec![
                "Agenzia di Tutela della Salute · Sistema Socio Sanitario Regione Lombardia".to_owned(),
                "via dei Toscani 1, 46100 Mantova · PEC protocollo@pec.ats-valpadana.it".to_owned(),
            ],
        },
        title: "Approvazione della graduatoria e riparto del contributo alle alleanze locali di conciliazione"
            .to_owned(),
        subtitle: Some("Piano territoriale di conciliazione vita-lavoro 2020-2023".to_owned()),
        act: Some(Act { title: "Decreto n. 214".to_owned(), date }),
        date,
        watermark: None,
        cover: false,
        blocks,
    })
}

fn preamble() -> Vec<Block> {
    let recital = |word: &str, text: &str| Block::Paragraph(vec![Run::strong(word), Run::plain(text)]);
    vec![
        Block::Formula("IL DIRETTORE GENERALE".to_owned()),
        recital("VISTO ", "il Documento di indirizzo approvato con decreto n. 103 del 28 febbraio 2020;"),
        recital(
            "RICHIAMATA ",
            "la proroga dei termini disposta con decreto n. 4978 del 27 aprile 2020, in ragione dell'emergenza \
             epidemiologica, che ha differito la presentazione delle manifestazioni d'interesse;",
        ),
        recital(
            "PRESO ATTO ",
            "dei verbali del Comitato di programmazione, valutazione e monitoraggio, dai quali risulta che le sette \
             proposte sono ammissibili e che a ciascuna è attribuito il punteggio di seguito riportato;",
        ),
    ]
}

fn allocation() -> Table {
    let mut table = Table::new(vec![
        Column::text("Ente capofila").share(3),
        Column::money("Costo totale").summed(),
        Column::money("Contributo richiesto").summed(),
        Column::integer("Punteggio"),
        Column::percent("Quota"),
        Column::money("Contributo assegnato").summed(),
    ])
    .caption("Riparto fra le alleanze locali")
    .total("Totale");
    for (band, label) in [(87, "Prima fascia"), (66, "Seconda fascia"), (50, "Terza fascia")] {
        table.group(label);
        for (lead, cost, requested, score, share, assigned) in ROWS.iter().filter(|row| row.4 == band) {
            table.row([
                (*lead).into(),
                Money::from_cents(*cost).into(),
                Money::from_cents(*requested).into(),
                (*score).into(),
                Cell::Percent(Decimal::from(*share)),
                Money::from_cents(*assigned).into(),
            ]);
        }
        table.subtotal(format!("Totale {}", label.to_lowercase()));
    }
    table
}

fn euro(cents: i64) -> Money {
    Money::from_cents(cents)
}

fn by_lead(kind: ChartKind) -> Chart {
    Chart::new(kind, "Contributo richiesto e assegnato per capofila", Unit::Money)
        .categories(ROWS.map(|row| row.0))
        .series(Series::money("richiesto", ROWS.map(|row| euro(row.2))))
        .series(Series::money("assegnato", ROWS.map(|row| euro(row.5))))
        .empty("Nessun dato")
}

fn financing() -> Chart {
    Chart::new(ChartKind::StackedBars, "Copertura del costo dei progetti", Unit::Money)
        .categories(ROWS.map(|row| row.0))
        .series(Series::money("contributo assegnato", ROWS.map(|row| euro(row.5))))
        .series(Series::money("a carico dei partner", ROWS.map(|row| euro(row.1 - row.5))))
}

fn composition() -> Chart {
    let kinds = [
        ("Ambiti territoriali e aziende", 10),
        ("Associazioni datoriali", 19),
        ("Organizzazioni sindacali", 5),
        ("Enti pubblici", 23),
        ("Istituti scolastici", 1),
        ("Enti del terzo settore", 56),
        ("Imprese", 45),
    ];
    Chart::new(ChartKind::Donut, "Composizione della rete: 159 enti aderenti", Unit::Number(0))
        .categories(kinds.map(|k| k.0))
        .series(Series::new("enti", kinds.map(|k| k.1)))
}

fn reached() -> Chart {
    Chart::new(ChartKind::Columns, "Persone raggiunte e attese per semestre", Unit::Number(0))
        .categories(["2020/II", "2021/I", "2021/II", "2022/I", "2022/II", "2023/I"])
        .series(Series::new("attese", [200, 450, 500, 600, 650, 600]))
        .series(Series::new("raggiunte", [138, 412, 547, 621, 598, 640]))
}

/// Many rows: a table over several pages.
fn expenses(count: u32, from: NaiveDate) -> Table {
    let mut table = Table::new(vec![
        Column::text("Documento").share(2),
        Column::date("Data"),
        Column::text("Partner").share(3),
        Column::text("Voce").share(2),
        Column::money("Importo").summed(),
        Column::money("Ammesso").summed(),
        Column::text("Esito").share(2),
    ])
    .caption("Spese presentate nel semestre")
    .total("Totale");
    let items = ["A – Personale", "B – Beni e software", "C – Servizi", "D – Voucher", "E – Spese generali"];
    for n in 0..count {
        let amount = i64::from(n * 7_919 % 250_000) + 12_50;
        let refused = n % 9 == 4;
        let item = items.get(n as usize % items.len()).copied().unwrap_or_default();
        let lead = ROWS.get(n as usize % ROWS.len()).map_or("", |row| row.0);
        table.row([
            format!("Fattura {}/E", 100 + n).into(),
            Cell::Date(from + chrono::Days::new(u64::from(n))),
            lead.into(),
            item.into(),
            Money::from_cents(amount).into(),
            Money::from_cents(if refused { 0 } else { amount }).into(),
            if refused { "respinta: fuori periodo" } else { "ammessa" }.into(),
        ]);
    }
    table
}
