//! The calendar of a project as a Gantt chart in SVG, readable by eye and by a screen reader.

use crate::rules::month::Month;
use concilia_kernel::language::Language;
use std::fmt::Write as _;

/// What is drawn.
#[derive(Debug)]
pub struct Chart<'a> {
    /// Reference and title of the project.
    pub title: String,
    /// The months of the project, in order.
    pub months: &'a [Month],
    pub rows: Vec<Row<'a>>,
}

/// One activity.
#[derive(Debug)]
pub struct Row<'a> {
    pub number: i16,
    pub title: &'a str,
    /// Months in which it runs, in order.
    pub months: &'a [Month],
}

const LABEL: usize = 340;
/// Height of the years and months.
const HEAD: usize = 54;
/// Height of an activity whose label is one line, and of each line more.
const ROW: usize = 30;
const LABEL_LINE: usize = 16;
const TITLE_LINE: usize = 22;
const MARGIN: usize = 12;
/// Most characters in a line of a label.
const LABEL_LENGTH: usize = 46;

/// Draws the chart. Months outside the project are not drawn; the text of each activity names them all.
pub fn draw(chart: &Chart<'_>, language: Language) -> String {
    // A long project gets narrow months, so that the picture stays of a printable width.
    let column = (720 / chart.months.len().max(1)).clamp(10, 40);
    let width = LABEL + column * chart.months.len() + MARGIN;
    let heading = wrapped(&chart.title, (width - 2 * MARGIN) / 9);
    let labels: Vec<Vec<String>> =
        chart.rows.iter().map(|row| wrapped(&format!("{}. {}", row.number, row.title), LABEL_LENGTH)).collect();
    let rows = TITLE_LINE * heading.len() + HEAD;
    let height = rows + labels.iter().map(|label| row_height(label)).sum::<usize>() + MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title description\" \
         lang=\"{}\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"13\" fill=\"#1a1a1a\">\n",
        language.tag()
    );
    let _ = writeln!(svg, "<title id=\"title\">{}</title>", escaped(&title(chart, language)));
    let _ = writeln!(svg, "<desc id=\"description\">{}</desc>", escaped(&description(chart, language)));
    let _ = writeln!(svg, "<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>");
    for (line, text) in heading.iter().enumerate() {
        let y = TITLE_LINE * (line + 1) + 2;
        let _ = writeln!(svg, "<text x=\"{MARGIN}\" y=\"{y}\" font-size=\"16\">{}</text>", escaped(text));
    }
    head(&mut svg, chart, column, (TITLE_LINE * heading.len(), height));
    let mut top = rows;
    for (row, label) in chart.rows.iter().zip(&labels) {
        draw_row(&mut svg, chart, (row, label), (top, column), language);
        top += row_height(label);
    }
    svg.push_str("</svg>\n");
    svg
}

fn row_height(label: &[String]) -> usize {
    ROW + LABEL_LINE * label.len().saturating_sub(1)
}

/// Years and month numbers, with a line at each new year.
fn head(svg: &mut String, chart: &Chart<'_>, column: usize, (top, height): (usize, usize)) {
    let (bottom, years_at, months_at) = (height - MARGIN, top + 26, top + 44);
    let years: Vec<(usize, i32)> = chart
        .months
        .iter()
        .enumerate()
        .filter(|(at, month)| *at == 0 || month.number() == 1)
        .map(|(at, month)| (at, month.year()))
        .collect();
    for (index, (at, year)) in years.iter().enumerate() {
        let x = LABEL + column * at;
        let _ = writeln!(
            svg,
            "<line x1=\"{x}\" y1=\"{}\" x2=\"{x}\" y2=\"{bottom}\" stroke=\"#767676\" stroke-width=\"1\"/>",
            top + 14
        );
        // A year of few narrow months has no room for its number.
        let end = years.get(index + 1).map_or(chart.months.len(), |(next, _)| *next);
        if (end - at) * column >= 34 {
            let _ = writeln!(svg, "<text x=\"{}\" y=\"{years_at}\">{year}</text>", x + 4);
        }
    }
    if column >= 18 {
        for (at, month) in chart.months.iter().enumerate() {
            let x = LABEL + column * at + column / 2;
            let number = month.number();
            let _ = writeln!(
                svg,
                "<text x=\"{x}\" y=\"{months_at}\" font-size=\"11\" text-anchor=\"middle\">{number}</text>"
            );
        }
    }
}

fn draw_row(
    svg: &mut String,
    chart: &Chart<'_>,
    (row, label): (&Row<'_>, &[String]),
    (top, column): (usize, usize),
    language: Language,
) {
    let right = LABEL + column * chart.months.len();
    let _ = writeln!(svg, "<g role=\"listitem\">");
    let _ = writeln!(svg, "<title>{}</title>", escaped(&sentence(row, language)));
    let _ = writeln!(
        svg,
        "<line x1=\"{MARGIN}\" y1=\"{top}\" x2=\"{right}\" y2=\"{top}\" stroke=\"#d0d0d0\" stroke-width=\"1\"/>"
    );
    for (line, text) in label.iter().enumerate() {
        let y = top + 20 + LABEL_LINE * line;
        let _ = writeln!(svg, "<text x=\"{MARGIN}\" y=\"{y}\">{}</text>", escaped(text));
    }
    let bar = top + (row_height(label) - 16) / 2;
    for (first, last) in runs(row.months) {
        let place = |month| chart.months.iter().position(|drawn| *drawn == month);
        let begin = chart.months.iter().position(|drawn| (first..=last).contains(drawn));
        let Some(begin) = begin else { continue };
        let end = place(last).unwrap_or(chart.months.len() - 1);
        let _ = writeln!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"16\" rx=\"3\" fill=\"#1f5f8b\"/>",
            LABEL + column * begin + 1,
            bar,
            column * (end + 1 - begin) - 2,
        );
    }
    svg.push_str("</g>\n");
}

/// First and last month of each unbroken run.
pub fn runs(months: &[Month]) -> Vec<(Month, Month)> {
    let mut runs: Vec<(Month, Month)> = vec![];
    for month in months {
        match runs.last_mut() {
            Some((_, last)) if last.next() == *month => *last = *month,
            _ => runs.push((*month, *month)),
        }
    }
    runs
}

fn title(chart: &Chart<'_>, language: Language) -> String {
    match language {
        Language::Italian => format!("Calendario del progetto {}", chart.title),
        Language::English => format!("Calendar of project {}", chart.title),
    }
}

fn description(chart: &Chart<'_>, language: Language) -> String {
    if chart.rows.is_empty() {
        return match language {
            Language::Italian => "Il progetto non ha ancora attività.".to_owned(),
            Language::English => "The project has no activities yet.".to_owned(),
        };
    }
    chart.rows.iter().map(|row| sentence(row, language)).collect::<Vec<_>>().join(" ")
}

/// An activity and its months, in words.
fn sentence(row: &Row<'_>, language: Language) -> String {
    let periods: Vec<String> = runs(row.months)
        .into_iter()
        .map(|(first, last)| match language {
            _ if first == last => written(first),
            Language::Italian => format!("da {} a {}", written(first), written(last)),
            Language::English => format!("from {} to {}", written(first), written(last)),
        })
        .collect();
    let when = match (periods.is_empty(), language) {
        (false, _) => periods.join(", "),
        (true, Language::Italian) => "senza mesi".to_owned(),
        (true, Language::English) => "no months".to_owned(),
    };
    format!("{}. {}: {when}.", row.number, row.title)
}

/// "06/2020", as people read it.
fn written(month: Month) -> String {
    format!("{:02}/{}", month.number(), month.year())
}

/// Text in lines of so many characters, broken between words, and within those that are longer than a line.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut length = 0;
    for word in text.split_whitespace() {
        let word: Vec<char> = word.chars().collect();
        for piece in word.chunks(most.max(1)) {
            let joined = length + usize::from(length > 0) + piece.len();
            match lines.last_mut() {
                Some(line) if length == 0 || joined <= most => {
                    line.extend((length > 0).then_some(' ').iter().chain(piece));
                    length = joined;
                }
                _ => {
                    lines.push(piece.iter().collect());
                    length = piece.len();
                }
            }
        }
    }
    lines
}

/// Text as XML 1.0 takes it: what it forbids is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(first: &str, last: &str) -> Vec<Month> {
        Month::between(format!("{first}-01").parse().unwrap(), format!("{last}-01").parse().unwrap())
    }

    #[test]
    fn months_in_a_row_are_one_bar() {
        let mut listed = months("2020-06", "2020-07");
        listed.extend(months("2020-09", "2021-01"));
        let runs: Vec<(String, String)> =
            runs(&listed).iter().map(|(first, last)| (first.to_string(), last.to_string())).collect();
        let expected = [("2020-06", "2020-07"), ("2020-09", "2021-01")];
        assert_eq!(runs, expected.map(|(first, last)| (first.to_owned(), last.to_owned())));
    }

    #[test]
    fn the_calendar_of_project_2_5_is_drawn_with_its_words() {
        let project = months("2020-06", "2021-08");
        let (governance, butlers) = (months("2020-06", "2020-07"), months("2020-07", "2021-08"));
        let chart = Chart {
            title: "2.5 ALICE. Attivare leve & \"circoli\"".to_owned(),
            months: &project,
            rows: vec![
                Row { number: 1, title: "Governance <del progetto>", months: &governance },
                Row { number: 4, title: "Percorsi maggiordomi di comunità", months: &butlers },
            ],
        };
        let svg = draw(&chart, Language::Italian);
        assert!(svg.contains("<title id=\"title\">Calendario del progetto 2.5 ALICE. Attivare leve &amp; &quot;"));
        assert!(svg.contains("1. Governance &lt;del progetto&gt;: da 06/2020 a 07/2020."));
        assert!(svg.contains("<text x=\"12\" y=\"126\">4. Percorsi maggiordomi di comunità</text>"));
        assert!(!svg.contains("<del"));
        // 15 months of 40 pixels: two months from the left edge, then fourteen from the second on.
        assert!(svg.contains("<rect x=\"341\" y=\"83\" width=\"78\""), "{svg}");
        assert!(svg.contains("<rect x=\"381\" y=\"113\" width=\"558\""), "{svg}");
        let english = draw(&chart, Language::English);
        assert!(english.contains("from 06/2020 to 07/2020") && english.contains("lang=\"en\""));
    }

    #[test]
    fn a_long_title_is_told_in_full_and_pushes_down_what_follows() {
        let project = months("2020-06", "2020-07");
        let title = "Sportello per le famiglie e registro delle assistenti familiari del distretto di Cremona";
        let rows = vec![
            Row { number: 1, title, months: &project },
            Row { number: 2, title: "Voucher", months: &project },
        ];
        let svg = draw(&Chart { title: "x".to_owned(), months: &project, rows }, Language::Italian);
        assert!(svg.contains(">1. Sportello per le famiglie e registro delle<"), "{svg}");
        assert!(svg.contains(">assistenti familiari del distretto di Cremona<"), "{svg}");
        let y = |text: &str| {
            let line = svg.lines().find(|line| line.starts_with("<text") && line.contains(text)).unwrap();
            line.split('"').nth(3).unwrap().parse::<usize>().unwrap()
        };
        assert_eq!(y("2. Voucher") - y("1. Sportello"), ROW + LABEL_LINE);
    }

    #[test]
    fn no_letter_is_lost_when_a_word_is_longer_than_a_line() {
        let lines = wrapped(&format!("a {} b", "x".repeat(50)), 20);
        assert!(lines.iter().all(|line| line.chars().count() <= 20), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), format!("a{}b", "x".repeat(50)));
    }

    #[test]
    fn what_lies_outside_the_project_is_told_but_not_drawn() {
        let project = months("2020-06", "2020-07");
        let (before, across) = (months("2020-01", "2020-02"), months("2020-05", "2020-09"));
        let rows = vec![
            Row { number: 1, title: "Prima", months: &before },
            Row { number: 2, title: "A cavallo", months: &across },
        ];
        let svg = draw(&Chart { title: "x".to_owned(), months: &project, rows }, Language::Italian);
        assert_eq!(svg.matches("rx=\"3\"").count(), 1);
        assert!(svg.contains("<rect x=\"341\" y=\"113\" width=\"78\""), "{svg}");
        assert!(svg.contains("Prima: da 01/2020 a 02/2020.") && svg.contains("A cavallo: da 05/2020 a 09/2020."));
    }
}
