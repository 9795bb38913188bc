//! A document as data: what the pages say, never how they are set.

use crate::chart::Chart;
use crate::gantt::Gantt;
use crate::provinces;
use crate::table::{Cell, Table};
use chrono::NaiveDate;
use concilia_kernel::language::Language;

/// One document: a letterhead, a title block, an optional act, and blocks in reading order.
///
/// All text is taken literally: nothing in it is markup.
#[derive(Debug, Clone)]
pub struct Document {
    /// Language of the fixed words ("pagina 1 di 3"), of numbers, dates and hyphenation.
    pub language: Language,
    pub agency: Agency,
    /// Not blank.
    pub title: String,
    pub subtitle: Option<String>,
    pub act: Option<Act>,
    /// The day the document speaks of. It is also the creation date in the file, so that the same document gives
    /// the same bytes whenever it is made.
    pub date: NaiveDate,
    /// Large grey letters across every page, such as "BOZZA".
    pub watermark: Option<String>,
    /// Whether title, agency and act have a page of their own, with the table of contents on the next: for long documents.
    pub cover: bool,
    pub blocks: Vec<Block>,
}

impl Document {
    /// A document of its title alone; the rest is set on its fields.
    pub fn new(language: Language, agency: Agency, title: impl Into<String>, date: NaiveDate) -> Self {
        let blocks = Vec::new();
        Self {
            language,
            agency,
            title: title.into(),
            subtitle: None,
            act: None,
            date,
            watermark: None,
            cover: false,
            blocks,
        }
    }
}

/// The body in whose name the document is made.
#[derive(Debug, Clone, Default)]
pub struct Agency {
    pub name: String,
    /// Lines under the name: the office, the address, the certified mail.
    pub details: Vec<String>,
}

impl Agency {
    /// An agency with the provinces that it covers, by name or code, under its name.
    pub fn of(language: Language, name: &str, covered: &[String]) -> Self {
        let (one, more, and) = match language {
            Language::Italian => ("Provincia di", "Province di", "e"),
            Language::English => ("Province of", "Provinces of", "and"),
        };
        let names: Vec<&str> = covered.iter().map(|province| provinces::name(province)).collect();
        let area = match names.as_slice() {
            [] => None,
            [only] => Some(format!("{one} {only}")),
            [others @ .., last] => Some(format!("{more} {} {and} {last}", others.join(", "))),
        };
        Self { name: name.to_owned(), details: area.into_iter().collect() }
    }
}

/// The act that the document is, or that it goes with: "Decreto n. 123 del 15 marzo 2024".
#[derive(Debug, Clone)]
pub struct Act {
    /// Kind and number: "Decreto n. 123".
    pub title: String,
    pub date: NaiveDate,
}

/// A part of a document.
#[derive(Debug, Clone)]
pub enum Block {
    Heading {
        /// 1 to 3. A level that skips one is raised to the next allowed; a blank heading is left out.
        level: u8,
        text: String,
        /// Numbered headings count on by themselves: 1, 1.1, 1.1.1.
        numbered: bool,
    },
    Paragraph(Vec<Run>),
    /// A word that stands alone in the middle of an act: "DECRETA".
    Formula(String),
    /// A line in the middle of the page, such as the words around a name.
    Centred(Vec<Run>),
    /// What a page is about, large and in the middle: the name on a certificate.
    Display(String),
    List {
        ordered: bool,
        items: Vec<Vec<Run>>,
    },
    /// Small print: notes, sources, legal references.
    Note(Vec<Run>),
    /// Label and value, one pair a line.
    KeyValues(Vec<(String, Cell)>),
    Table(Table),
    Chart(Chart),
    Gantt(Gantt),
    Signatures(SignatureBlock),
    PageBreak,
    /// Blocks on pages turned sideways, for wide tables.
    Landscape(Vec<Block>),
}

impl Block {
    /// A numbered heading.
    pub fn heading(level: u8, text: impl Into<String>) -> Self {
        Self::Heading { level, text: text.into(), numbered: true }
    }

    /// A heading without a number.
    pub fn plain_heading(level: u8, text: impl Into<String>) -> Self {
        Self::Heading { level, text: text.into(), numbered: false }
    }

    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph(vec![Run::plain(text)])
    }

    pub fn note(text: impl Into<String>) -> Self {
        Self::Note(vec![Run::plain(text)])
    }

    /// A list with bullets.
    pub fn list<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List { ordered: false, items: runs(items) }
    }

    /// A list with numbers.
    pub fn numbered_list<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List { ordered: true, items: runs(items) }
    }
}

fn runs<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Vec<Vec<Run>> {
    items.into_iter().map(|item| vec![Run::plain(item)]).collect()
}

/// Text in one style; a line feed in it starts a new line.
#[derive(Debug, Clone)]
pub struct Run {
    pub text: String,
    pub style: Style,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    #[default]
    Plain,
    Strong,
    Emphasis,
}

impl Run {
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::Plain }
    }

    pub fn strong(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::Strong }
    }

    pub fn emphasis(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::Emphasis }
    }
}

/// Who signs. It is never split over two pages.
#[derive(Debug, Clone, Default)]
pub struct SignatureBlock {
    /// "Brescia, 15 marzo 2024".
    pub place_and_date: Option<String>,
    pub signatures: Vec<Signature>,
}

#[derive(Debug, Clone)]
pub struct Signature {
    /// "Il Direttore generale".
    pub role: String,
    pub name: String,
    /// How it is signed: "firmato digitalmente ai sensi del d.lgs. 82/2005". Without it a line is left for the pen.
    pub note: Option<String>,
}
