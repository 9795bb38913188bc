//! The file of an expense: received whole, within a limit, and kept sealed.

use actix_web::web::Payload;
use concilia_kernel::extract::Incoming;
use concilia_kernel::{Code, Problem};

/// Largest file, in bytes.
const LARGEST: u64 = 10 * 1024 * 1024;

/// Purpose under which files are sealed.
pub(super) const SEALED: &str = "expense_attachments.sealed";

/// Reads a PDF: 413 beyond the limit, 408 when the caller stops sending, 415 where it is none.
pub(super) async fn receive(payload: Payload) -> Result<Vec<u8>, Problem> {
    let file = Incoming::new(payload, LARGEST).whole().await?;
    if file.starts_with(b"%PDF-") {
        return Ok(file);
    }
    Err(Problem::new(Code::UnsupportedMediaType).explain("Il file non è un PDF.", "The file is no PDF."))
}
