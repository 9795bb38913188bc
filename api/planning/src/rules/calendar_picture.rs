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
const HEAD: usize = 76;
const ROW: usize = 30;
const MARGIN: usize = 12;
/// Most characters of a label; the rest is in its tooltip.
const LABEL_LENGTH: usize = 46;

/// Draws the chart. Months outside the project are not drawn; the text of each activity names them all.
pub fn draw(chart: &Chart<'_>, language: Language) -> String {
    // A long project gets narrow months, so that the picture stays of a printable width.
    let column = (720 / chart.months.len().max(1)).clamp(10, 40);
    let width = LABEL + column * chart.months.len() + MARGIN;
    let height = HEAD + ROW * chart.rows.len() + MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title description\" \
         lang=\"{}\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"13\" fill=\"#1a1a1a\">\n",
        language.tag()
    );
    let _ = writeln!(svg, "<title id=\"title\">{}</title>", escaped(&title(chart, language)));
    let _ = writeln!(svg, "<desc id=\"description\">{}</desc>", escaped(&description(chart, language)));
    let _ = writeln!(svg, "<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>");
    let heading = clipped(&chart.title, (width - 2 * MARGIN) / 9);
    let _ = writeln!(svg, "<text x=\"{MARGIN}\" y=\"24\" font-size=\"16\">{}</text>", escaped(&heading));
    head(&mut svg, chart, column, height);
    for (at, row) in chart.rows.iter().enumerate() {
        draw_row(&mut svg, chart, row, (HEAD + ROW * at, column), language);
    }
    svg.push_str("</svg>\n");
    svg
}

/// Years and month numbers, with a line at each new year.
fn head(svg: &mut String, chart: &Chart<'_>, column: usize, height: usize) {
    let bottom = height - MARGIN;
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
            "<line x1=\"{x}\" y1=\"36\" x2=\"{x}\" y2=\"{bottom}\" stroke=\"#767676\" stroke-width=\"1\"/>"
        );
        // A year of few narrow months has no room for its number.
        let end = years.get(index + 1).map_or(chart.months.len(), |(next, _)| *next);
        if (end - at) * column >= 34 {
            let _ = writeln!(svg, "<text x=\"{}\" y=\"48\">{year}</text>", x + 4);
        }
    }
    if column >= 18 {
        for (at, month) in chart.months.iter().enumerate() {
            let x = LABEL + column * at + column / 2;
            let number = month.number();
            let _ =
                writeln!(svg, "<text x=\"{x}\" y=\"66\" font-size=\"11\" text-anchor=\"middle\">{number}</text>");
        }
    }
}

fn draw_row(
    svg: &mut String,
    chart: &Chart<'_>,
    row: &Row<'_>,
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
    let label = clipped(&format!("{}. {}", row.number, row.title), LABEL_LENGTH);
    let _ = writeln!(svg, "<text x=\"{MARGIN}\" y=\"{}\">{}</text>", top + 20, escaped(&label));
    for (first, last) in runs(row.months) {
        let place = |month| chart.months.iter().position(|drawn| *drawn == month);
        let begin = chart.months.iter().position(|drawn| (first..=last).contains(drawn));
        let Some(begin) = begin else { continue };
        let end = place(last).unwrap_or(chart.months.len() - 1);
        let _ = writeln!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"16\" rx=\"3\" fill=\"#1f5f8b\"/>",
            LABEL + column * begin + 1,
            top + 7,
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
            _ if first == last => first.to_string(),
            Language::Italian => format!("da {first} a {last}"),
            Language::English => format!("from {first} to {last}"),
        })
        .collect();
    let when = match (periods.is_empty(), language) {
        (false, _) => periods.join(", "),
        (true, Language::Italian) => "senza mesi".to_owned(),
        (true, Language::English) => "no months".to_owned(),
    };
    format!("{}. {}: {when}.", row.number, row.title)
}

fn clipped(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut clipped: String = text.chars().take(most.saturating_sub(1)).collect();
    clipped.push('…');
    clipped
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
        assert!(svg.contains("1. Governance &lt;del progetto&gt;: da 2020-06 a 2020-07."));
        assert!(svg.contains("<text x=\"12\" y=\"126\">4. Percorsi maggiordomi di comunità</text>"));
        assert!(!svg.contains("<del"));
        // 15 months of 40 pixels: two months from the left edge, then fourteen from the second on.
        assert!(svg.contains("<rect x=\"341\" y=\"83\" width=\"78\""), "{svg}");
        assert!(svg.contains("<rect x=\"381\" y=\"113\" width=\"558\""), "{svg}");
        let english = draw(&chart, Language::English);
        assert!(english.contains("from 2020-06 to 2020-07") && english.contains("lang=\"en\""));
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
        assert!(svg.contains("Prima: da 2020-01 a 2020-02.") && svg.contains("A cavallo: da 2020-05 a 2020-09."));
    }
}
