//! The file of an expense: received whole, within a limit, and kept sealed.

use actix_web::web::Payload;
use concilia_kernel::{Code, Problem};
use futures_util::StreamExt;

/// Largest file, in bytes.
pub(super) const LARGEST: usize = 10 * 1024 * 1024;

/// Purpose under which files are sealed.
pub(super) const SEALED: &str = "expense_attachments.sealed";

/// Reads a PDF: 413 beyond the limit, 415 where it is none.
pub(super) async fn receive(mut payload: Payload) -> Result<Vec<u8>, Problem> {
    let mut file = vec![];
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::new(Code::MalformedRequest))?;
        if file.len() + chunk.len() > LARGEST {
            return Err(Problem::new(Code::PayloadTooLarge).explain(
                format!("Il file supera {LARGEST} byte."),
                format!("The file exceeds {LARGEST} bytes."),
            ));
        }
        file.extend_from_slice(&chunk);
    }
    if file.starts_with(b"%PDF-") {
        return Ok(file);
    }
    Err(Problem::new(Code::UnsupportedMediaType).explain("Il file non è un PDF.", "The file is no PDF."))
}
