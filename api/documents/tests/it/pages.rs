use chrono::NaiveDate;
use concilia_documents::{
    Act, Agency, Block, Cell, Chart, ChartKind, Column, Document, DocumentError, Gantt, Run, Series, Signature,
    SignatureBlock, Table, Unit, render_pdf,
};
use concilia_kernel::Money;
use concilia_kernel::language::Language;

fn document(blocks: Vec<Block>) -> Document {
    let date = NaiveDate::from_ymd_opt(2024, 3, 15).unwrap();
    let agency =
        Agency { name: "ATS della Val Padana".into(), details: vec!["via dei Toscani 1, Mantova".into()] };
    let mut document = Document::new(Language::Italian, agency, "Città e libertà: perché no", date);
    document.act = Some(Act { title: "Decreto n. 123".into(), date });
    document.blocks = blocks;
    document
}

fn expenses(rows: i64) -> Table {
    let mut table = Table::new(vec![Column::text("Documento"), Column::money("Importo").summed()])
        .caption("Spese")
        .total("Totale")
        .empty("Nessuna spesa");
    for n in 0..rows {
        table.row([format!("Fattura {n}").into(), Money::from_cents(1_234_56).into()]);
    }
    table
}

struct Read {
    pages: usize,
    text: String,
    raw: lopdf::Document,
}

/// Text without the spaces, which a PDF only implies.
fn read(pdf: &[u8]) -> Read {
    let raw = lopdf::Document::load_mem(pdf).unwrap();
    let numbers: Vec<u32> = raw.get_pages().keys().copied().collect();
    let text = raw.extract_text(&numbers).unwrap();
    Read { pages: numbers.len(), text: text.split_whitespace().collect(), raw }
}

fn rendered(blocks: Vec<Block>) -> Read {
    read(&render_pdf(&document(blocks)).unwrap())
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn text_accents_and_amounts_can_be_read_out() {
    let page = rendered(vec![
        Block::heading(1, "Premessa"),
        Block::Paragraph(vec![Run::strong("VISTO "), Run::plain("l'articolo 7, già «così» — però")]),
        Block::KeyValues(vec![("Dotazione".into(), Money::from_cents(171_718_40).into())]),
    ]);
    for expected in [
        "Città e libertà: perché no",
        "Decreto n. 123 del 15 marzo 2024",
        "1 Premessa",
        "l'articolo 7, già «così» — però",
        "171.718,40 €",
        "pagina 1 di 1",
    ] {
        assert!(page.text.contains(&squeezed(expected)), "{expected} in {}", page.text);
    }
    assert_eq!(page.pages, 1);
}

#[test]
fn english_documents_say_page_of_and_write_amounts_in_english() {
    let mut english =
        document(vec![Block::KeyValues(vec![("Budget".into(), Money::from_cents(1_234_56).into())])]);
    english.language = Language::English;
    let page = read(&render_pdf(&english).unwrap());
    assert!(page.text.contains("page1of1"), "{}", page.text);
    assert!(page.text.contains("€1,234.56"), "{}", page.text);
    assert!(page.text.contains("Decreton.123of15March2024"), "{}", page.text);
}

#[test]
fn a_long_table_repeats_its_header_on_every_page_and_sums_up_once() {
    let page = rendered(vec![Block::Table(expenses(150))]);
    assert!(page.pages >= 4, "{}", page.pages);
    assert_eq!(page.text.matches("DocumentoImporto").count(), page.pages, "{}", page.text);
    assert_eq!(page.text.matches("Totale").count(), 1);
    assert!(page.text.contains("185.184,00€"), "{}", page.text);
    assert!(page.text.contains(&format!("pagina{}di{}", page.pages, page.pages)));
}

#[test]
fn a_total_never_stands_alone_on_a_page() {
    let blocks = (30..=60).flat_map(|rows| [Block::Table(expenses(rows)), Block::PageBreak]);
    let page = rendered(blocks.collect());
    let totals = page.raw.get_pages().into_keys().map(|number| page.raw.extract_text(&[number]).unwrap());
    let totals: Vec<String> = totals.filter(|text| text.contains("Totale")).collect();
    assert_eq!(totals.len(), 31);
    assert!(totals.iter().all(|text| text.matches("Fattura").count() >= 2), "{totals:?}");
}

#[test]
fn an_empty_table_says_so_and_has_no_total() {
    let page = rendered(vec![Block::Table(expenses(0))]);
    assert!(page.text.contains("Nessunaspesa"));
    assert!(!page.text.contains("Totale"));
}

#[test]
fn percentages_below_each_other_have_as_many_decimals() {
    let mut table = Table::new(vec![Column::text("Ente"), Column::percent("Quota"), Column::percent("Soglia")]);
    for (name, share) in [("uno", "20"), ("due", "33.333"), ("tre", "46.5")] {
        table.row([name.into(), Cell::Percent(share.parse().unwrap()), Cell::Percent(15.into())]);
    }
    let text = rendered(vec![Block::Table(table)]).text;
    assert!(text.contains("uno20,00%15%due33,33%15%tre46,50%15%"), "{text}");
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let blocks =
        || vec![Block::heading(1, "Uno"), Block::Table(expenses(30)), Block::Chart(chart(ChartKind::Donut))];
    let first = render_pdf(&document(blocks())).unwrap();
    let others: Vec<_> = (0..3)
        .map(|_| std::thread::spawn(move || render_pdf(&document(blocks())).unwrap()))
        .map(|thread| thread.join().unwrap())
        .collect();
    assert!(others.iter().all(|other| *other == first));
}

#[test]
fn markup_in_any_text_is_printed_as_it_is() {
    let evil =
        "#panic(\"x\") *b* _i_ $x^2$ @ref <lab> `c` = h // \\ #read(\"/etc/passwd\") [a] {b} \u{7} </text>&amp;";
    let mut table = Table::new(vec![Column::text(evil)]).caption(evil).total(evil);
    table.row([evil.into()]);
    table.group(evil);
    table.subtotal(evil);
    let mut chart = chart(ChartKind::Bars);
    chart.title = evil.into();
    chart.categories = vec![evil.into(), evil.into()];
    let mut page = document(vec![
        Block::heading(1, evil),
        Block::paragraph(evil),
        Block::list([evil]),
        Block::numbered_list([evil]),
        Block::note(evil),
        Block::Formula(evil.into()),
        Block::Centred(vec![Run::plain(evil)]),
        Block::Display(evil.into()),
        Block::KeyValues(vec![(evil.into(), evil.into())]),
        Block::Table(table),
        Block::Chart(chart),
        Block::Signatures(SignatureBlock {
            place_and_date: Some(evil.into()),
            signatures: vec![Signature { role: evil.into(), name: evil.into(), note: Some(evil.into()) }],
        }),
    ]);
    page.title = evil.into();
    page.subtitle = Some(evil.into());
    page.watermark = Some(evil.into());
    page.agency = Agency { name: evil.into(), details: vec![evil.into()] };
    let text = read(&render_pdf(&page).unwrap()).text;
    assert!(text.matches("#panic(\"x\")*b*_i_$x^2$@ref<lab>`c`=h//\\").count() >= 10, "{text}");
}

#[test]
fn what_is_in_the_file_about_the_file() {
    let page = rendered(vec![Block::paragraph("Testo")]);
    let catalog = page.raw.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"it-IT");
    let marked = catalog.get(b"MarkInfo").unwrap().as_dict().unwrap();
    assert!(marked.get(b"Marked").unwrap().as_bool().unwrap());
    let metadata = catalog.get(b"Metadata").unwrap().as_reference().unwrap();
    let stream = page.raw.get_object(metadata).unwrap().as_stream().unwrap();
    let xmp = String::from_utf8(stream.get_plain_content().unwrap()).unwrap();
    for expected in ["Città e libertà", "2024-03-15", "<pdfaid:part>2", "<pdfaid:conformance>A", "<pdfuaid:part>1"]
    {
        assert!(xmp.contains(expected), "{expected} in {xmp}");
    }
}

#[test]
fn every_font_is_embedded() {
    let page = rendered(vec![
        Block::Paragraph(vec![Run::plain("àè "), Run::strong("ìò "), Run::emphasis("ù "), Run::plain("≤ Ж α")]),
        Block::Chart(chart(ChartKind::Columns)),
    ]);
    let descriptors: Vec<_> = page
        .raw
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(|dict| {
            dict.get(b"Type").and_then(lopdf::Object::as_name).is_ok_and(|name| name == b"FontDescriptor")
        })
        .collect();
    assert!(descriptors.len() >= 4, "{}", descriptors.len());
    assert!(descriptors.iter().all(|d| d.has(b"FontFile2") || d.has(b"FontFile3")));
}

#[test]
fn all_charts_all_sizes_can_be_made() {
    use ChartKind::{Bars, Columns, Donut, StackedBars, StackedColumns};
    let mut blocks = Vec::new();
    for kind in [Bars, StackedBars, Columns, StackedColumns, Donut] {
        for count in [0, 1, 2, 9, 90] {
            let names: Vec<String> = (0..count).map(|n| format!("Categoria numero {n}")).collect();
            let values = (0..count).map(|n| i64::from(n) * 12_345);
            let chart = Chart::new(kind, format!("{kind:?} {count}"), Unit::Money).empty("Nessun dato");
            blocks.push(Block::Chart(chart.categories(names).series(Series::new("uno", values))));
        }
    }
    let page = rendered(blocks);
    assert!(page.text.contains("Nessundato"));
    assert!(page.text.contains("Grafico25–Donut90"), "{}", page.text);
}

#[test]
fn any_text_whatever_can_be_set() {
    let texts = [
        "漢字 😀 \u{fffe}\u{ffff} \u{e000} עברית العربية ไทย",
        "e\u{301}\u{323}\u{323} \u{200d}\u{200b}\u{feff} \u{2028}\u{2029}",
        "\u{0}\u{1}\u{1f}\u{7f}\u{85}",
        "",
        " ",
        "\n\n\n",
    ];
    let long = ["x".repeat(200), "parola ".repeat(80), "€".repeat(60)];
    for text in texts.into_iter().map(str::to_owned).chain(long) {
        let mut table =
            Table::new(vec![Column::text(&text), Column::money("Importo").summed(), Column::text(&text)])
                .caption(&text)
                .total(&text)
                .empty(&text);
        table.row([Cell::Text(text.clone()), Money::MAX.into(), Cell::Text(text.clone())]);
        let mut page = document(vec![
            Block::heading(3, &text),
            Block::paragraph(&text),
            Block::KeyValues(vec![(text.clone(), text.as_str().into())]),
            Block::Table(table),
        ]);
        page.title = format!("Titolo {text}");
        page.agency.name.clone_from(&text);
        render_pdf(&page).unwrap_or_else(|e| panic!("{e}: {text:.40}"));
    }
}

#[test]
fn blocks_that_do_not_fit_together_are_refused() {
    let mut ragged = Table::new(vec![Column::text("a"), Column::text("b")]);
    ragged.row(["solo".into()]);
    let short = chart(ChartKind::Bars).categories(["uno"]);
    let negative = Chart::new(ChartKind::Donut, "", Unit::Money).categories(["a"]).series(Series::new("s", [-1]));
    let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    let backwards = Gantt {
        title: String::new(),
        label: String::new(),
        from: day,
        to: day.pred_opt().unwrap(),
        rows: Vec::new(),
        planned: String::new(),
        actual: String::new(),
        empty: String::new(),
    };
    let blocks = [
        Block::Table(ragged),
        Block::Table(Table::new(Vec::new())),
        Block::Table(Table::new(vec![Column::percent("Quota").summed()])),
        Block::Chart(short),
        Block::Chart(negative),
        Block::Gantt(backwards),
        Block::Landscape(vec![Block::Landscape(Vec::new())]),
    ];
    let mut untitled = document(Vec::new());
    untitled.title = " \u{0}".into();
    for page in blocks.map(|block| document(vec![block])).into_iter().chain([untitled]) {
        let error = render_pdf(&page).unwrap_err();
        assert!(matches!(error, DocumentError::Shape(_)), "{error}");
    }
}

fn chart(kind: ChartKind) -> Chart {
    Chart::new(kind, "Grafico", Unit::Number(0)).categories(["uno", "due"]).series(Series::new("serie", [3, 4]))
}
