//! PDF pages, set by the Typst engine: tagged, archivable (PDF/A-2a) and accessible (PDF/UA-1).

mod data;
mod engine;
mod layout;

use crate::{Block, Document, DocumentError, text};
use engine::Engine;

/// The document as a PDF/A-2a and PDF/UA-1 file with embedded fonts.
///
/// Takes up to a second of processor time for tens of pages; it needs no lock and may run on many threads at once.
pub fn render_pdf(document: &Document) -> Result<Vec<u8>, DocumentError> {
    if text::plain_line(&document.title).trim().is_empty() {
        return Err(DocumentError::Shape("a document has no title"));
    }
    check(&document.blocks, false)?;
    let data = serde_json::to_vec(&data::page_data(document)).map_err(|e| DocumentError::Engine(e.to_string()))?;
    Engine::new(data).render(document.date)
}

fn check(blocks: &[Block], turned: bool) -> Result<(), DocumentError> {
    for block in blocks {
        match block {
            Block::Table(table) => table.check()?,
            Block::Chart(chart) => chart.check()?,
            Block::Gantt(gantt) => gantt.check()?,
            Block::Landscape(_) if turned => {
                return Err(DocumentError::Shape("landscape pages are inside landscape pages"));
            }
            Block::Landscape(inner) => check(inner, true)?,
            _ => {}
        }
    }
    Ok(())
}
