//! The engine and what it may see: one template, one document, four fonts. It can reach no file and no network.

use crate::{DocumentError, fonts};
use chrono::{Datelike, NaiveDate};
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// Laying out recurses with the nesting of the page: more than the stack of an ordinary thread may be needed.
const STACK: usize = 16 * 1024 * 1024;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));
static FONTS: LazyLock<Vec<Font>> =
    LazyLock::new(|| fonts::FILES.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect());
static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));
static TEMPLATE: LazyLock<Option<Source>> = LazyLock::new(|| {
    let id = file_id("/template.typ")?;
    Some(Source::new(id, include_str!("template.typ").to_owned()))
});

fn file_id(path: &str) -> Option<FileId> {
    VirtualPath::new(path).ok().map(|path| RootedPath::new(VirtualRoot::Project, path).intern())
}

pub(super) struct Engine {
    data: Bytes,
}

impl Engine {
    pub(super) fn new(data: Vec<u8>) -> Self {
        Self { data: Bytes::new(data) }
    }

    pub(super) fn render(&self, day: NaiveDate) -> Result<Vec<u8>, DocumentError> {
        std::thread::scope(|scope| {
            let builder = std::thread::Builder::new().name("pdf".to_owned()).stack_size(STACK);
            let worker = builder.spawn_scoped(scope, || self.set(day));
            let worker = worker.map_err(|e| DocumentError::Engine(e.to_string()))?;
            worker.join().unwrap_or_else(|_| Err(DocumentError::Engine("the engine panicked".to_owned())))
        })
    }

    fn set(&self, day: NaiveDate) -> Result<Vec<u8>, DocumentError> {
        let document = typst::compile::<PagedDocument>(self).output.map_err(|e| refused(&e))?;
        let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
            .map_err(|e| DocumentError::Engine(e.message().to_string()))?;
        let options = PdfOptions {
            creator: Smart::Custom(Some("Concilia".to_owned())),
            timestamp: midnight(day),
            standards,
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&document, &options).map_err(|e| refused(&e));
        // The engine remembers what it set, to set it again sooner; nothing of one document is kept for the next.
        comemo::evict(0);
        pdf
    }
}

fn midnight(day: NaiveDate) -> Option<typst_pdf::Timestamp> {
    let (month, of_month) = (day.month() as u8, day.day() as u8);
    Datetime::from_ymd_hms(day.year(), month, of_month, 0, 0, 0).map(typst_pdf::Timestamp::new_utc)
}

fn refused(errors: &[SourceDiagnostic]) -> DocumentError {
    let messages: Vec<&str> = errors.iter().map(|e| e.message.as_str()).collect();
    DocumentError::Engine(messages.join("; "))
}

impl World for Engine {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        #[allow(clippy::expect_used)] // a constant path, read by every test
        TEMPLATE.as_ref().expect("the template's path is valid").id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        TEMPLATE.clone().filter(|source| source.id() == id).ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id.vpath().get_without_slash() == "document.json" {
            Ok(self.data.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
