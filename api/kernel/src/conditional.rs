//! Reads that others may keep a copy of.

use crate::extract::IfNoneMatch;
use crate::{Page, Problem};
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, ETAG};
use aws_lc_rs::digest;
use serde::Serialize;

/// The value, or 304 to whoever holds it already. A copy is good while its tag is, so it is checked each time.
pub fn answer<T: Serialize>(held: &IfNoneMatch, tag: &str, value: &T) -> Result<HttpResponse, Problem> {
    if held.holds(tag) {
        return Ok(HttpResponse::NotModified()
            .insert_header((ETAG, tag))
            .insert_header((CACHE_CONTROL, "no-cache"))
            .finish());
    }
    let body = serde_json::to_vec(value).map_err(Problem::internal)?;
    Ok(answered(tag, body))
}

/// A page, tagged by what is in it.
pub fn answer_page<T: Serialize>(held: &IfNoneMatch, page: &Page<T>) -> Result<HttpResponse, Problem> {
    let body = serde_json::to_vec(page).map_err(Problem::internal)?;
    let hash = digest::digest(&digest::SHA256, &body);
    let tag = format!("\"{}\"", hex(&hash.as_ref()[..16]));
    if held.holds(&tag) { answer(held, &tag, page) } else { Ok(answered(&tag, body)) }
}

fn answered(tag: &str, body: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((ETAG, tag))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .content_type("application/json")
        .body(body)
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
