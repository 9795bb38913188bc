use super::*;
use crate::chart::{Series, Unit};
use chrono::NaiveDate;
use proptest::prelude::*;

fn drawn(chart: &Chart, width: u32) -> String {
    chart_pieces(chart, Language::Italian, f64::from(width), f64::INFINITY).concat()
}

#[test]
fn names_cannot_break_out_of_the_drawing() {
    let evil = "</text><script>alert(1)</script>&\"";
    let chart = Chart::new(ChartKind::Bars, evil, Unit::Money).categories([evil]).series(Series::new(evil, [1]));
    let svg = drawn(&chart, 480);
    assert!(!svg.contains("<script"));
    assert!(svg.contains("<title>&lt;/text&gt;&lt;script&gt;"));
}

#[test]
fn an_empty_chart_says_so() {
    let chart = Chart::new(ChartKind::Donut, "Enti", Unit::Number(0)).empty("Nessun dato");
    assert!(drawn(&chart, 480).contains("Nessun dato"));
}

#[test]
fn a_whole_is_a_whole_ring() {
    let chart = Chart::new(ChartKind::Donut, "Enti", Unit::Number(0))
        .categories(["tutti", "nessuno"])
        .series(Series::new("enti", [5, 0]));
    let svg = drawn(&chart, 480);
    assert!(svg.contains("100%"), "{svg}");
}

#[test]
fn values_that_are_wider_than_their_columns_climb_all_of_them() {
    let values = [0, 34_800, 17_400, 23_100, 26_400, 15_180, 20_038, 40_000];
    let chart = Chart::new(ChartKind::Columns, "Risorse", Unit::Money)
        .categories((1..=8).map(|n| format!("2.{n}")))
        .series(Series::new("liquidato", values))
        .series(Series::new("assegnato", values));
    let svg = drawn(&chart, 482);
    assert_eq!(svg.matches("rotate(-90").count(), 16, "{svg}");
    let wide = drawn(&chart, 2000);
    assert_eq!((wide.matches("rotate").count(), wide.matches(">0\u{a0}€<").count()), (0, 3), "{wide}");
}

#[test]
fn a_bar_of_parts_tells_what_they_come_to() {
    let chart = Chart::new(ChartKind::StackedBars, "Rete", Unit::Number(0))
        .categories(["Enti pubblici", "Imprese"])
        .series(Series::new("in alleanze", [1, 40]))
        .series(Series::new("altri", [1, 5]));
    let svg = drawn(&chart, 482);
    assert!(svg.contains(">45<") && svg.contains(">2<"), "{svg}");
}

#[test]
fn the_shares_of_a_ring_are_written_alike_in_it_and_beside_it() {
    let chart = Chart::new(ChartKind::Donut, "Risorse", Unit::Number(0))
        .categories(["a", "b"])
        .series(Series::new("parti", [8, 32]));
    let svg = drawn(&chart, 482);
    assert_eq!((svg.matches(">20%<").count(), svg.matches(">80%<").count()), (2, 2), "{svg}");
    let chart = chart.categories(["a", "b", "c"]);
    let thirds = Chart { series: vec![Series::new("parti", [2, 1, 1])], ..chart };
    assert_eq!(drawn(&thirds, 482).matches(">25%<").count(), 4);
    let thirds = Chart { series: vec![Series::new("parti", [3, 2, 1])], ..thirds };
    assert!(drawn(&thirds, 482).contains(">50,0%<"));
}

#[test]
fn a_calendar_names_its_years_and_cuts_what_lies_outside() {
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    let gantt = Gantt {
        title: "Calendario".into(),
        label: "Attività".into(),
        from: day(2020, 6, 3),
        to: day(2021, 5, 31),
        rows: vec![crate::gantt::GanttRow {
            label: "Voucher".into(),
            planned: vec![(day(2019, 1, 1), day(2030, 1, 1)), (day(2010, 1, 1), day(2011, 1, 1))],
            ..Default::default()
        }],
        planned: "previsto".into(),
        actual: "svolto".into(),
        empty: String::new(),
    };
    let svg = gantt_pieces(&gantt, Language::Italian, 480.0, f64::INFINITY).concat();
    assert!(svg.contains(">2020<") && svg.contains(">2021<") && svg.contains("Voucher"));
    assert_eq!(svg.matches("rx=\"1.5\"").count(), 1, "{svg}");
    assert!(svg.contains("width=\"307.20\""), "the bar fills the calendar: {svg}");
}

proptest! {
    #[test]
    fn nothing_is_drawn_outside_or_without_a_number(
        values in prop::collection::vec(prop::collection::vec(prop::option::of(-1_000_000_000_i64..1_000_000_000), 7), 1..5),
        kind in prop::sample::select(vec![ChartKind::Bars, ChartKind::StackedBars, ChartKind::Columns, ChartKind::StackedColumns]),
    ) {
        let mut chart = Chart::new(kind, "t", Unit::Money).categories((0..7).map(|n| format!("categoria {n}")));
        for (n, row) in values.into_iter().enumerate() {
            let values = row.into_iter().map(|v| v.map(|v| Decimal::new(v, 2))).collect();
            chart = chart.series(Series { name: format!("serie {n}"), values });
        }
        let svg = drawn(&chart, 480);
        prop_assert!(!svg.contains("NaN") && !svg.contains("inf"));
        for rect in svg.lines().filter(|l| l.starts_with("<rect")) {
            let number = |name: &str| -> f64 {
                let from = rect.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
                rect[from..].split('"').next().unwrap().parse().unwrap()
            };
            prop_assert!(number("x") >= -0.01 && number("x") + number("width") <= 480.6, "{rect}");
            prop_assert!(number("y") >= -0.01, "{rect}");
        }
    }
}
