//! What the agency publishes and signs: the half-yearly report and the plan itself, as PDF.

pub mod get_half_year_report;
mod half_year;

use crate::value::spoken;
use actix_web::{HttpResponse, web};
use concilia_documents::{Document, render_pdf};
use concilia_kernel::Problem;
use concilia_kernel::problem::Text;

/// A word of the report in the caller's language.
fn word(it: &str, en: &str) -> String {
    spoken(Text::new(it, en))
}

/// The pages, made off the worker thread.
async fn answer(document: Document, name: String) -> Result<HttpResponse, Problem> {
    let body = web::block(move || render_pdf(&document)).await.map_err(Problem::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header(("Content-Disposition", format!("inline; filename=\"{name}\"")))
        .body(body.map_err(Problem::internal)?))
}
