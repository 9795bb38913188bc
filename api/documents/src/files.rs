//! Documents as answers: made off the thread that serves requests, as they take long enough to keep others waiting.

use crate::{Document, DocumentError, Table, Workbook, render_csv, render_pdf, render_xlsx};
use actix_web::web;
use concilia_kernel::{File, Problem};

/// The document as a PDF file.
pub async fn pdf_file(name: &str, document: Document) -> Result<File, Problem> {
    made(name, File::PDF, move || render_pdf(&document)).await
}

/// The workbook as an XLSX file.
pub async fn xlsx_file(name: &str, workbook: Workbook) -> Result<File, Problem> {
    made(name, File::XLSX, move || render_xlsx(&workbook)).await
}

/// The table as a CSV file.
pub async fn csv_file(name: &str, table: Table) -> Result<File, Problem> {
    made(name, File::CSV, move || render_csv(&table)).await
}

async fn made(
    name: &str,
    media_type: &'static str,
    make: impl FnOnce() -> Result<Vec<u8>, DocumentError> + Send + 'static,
) -> Result<File, Problem> {
    let content = web::block(make).await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    Ok(File::new(name, media_type, content))
}
