//! Files as answers: documents made on the spot, and files kept as they were uploaded.

use crate::conditional::hex;
use crate::extract::IfNoneMatch;
use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, ETAG};
use aws_lc_rs::digest;

/// A file to answer.
#[derive(Debug, Clone)]
pub struct File {
    name: String,
    media_type: &'static str,
    content: Vec<u8>,
}

impl File {
    pub const PDF: &'static str = "application/pdf";
    pub const XLSX: &'static str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    pub const CSV: &'static str = "text/csv; charset=utf-8";

    /// A file under a name. What is not a plain sign in the name becomes a hyphen, so that it can stand in a header and
    /// on any disk.
    pub fn new(name: &str, media_type: &'static str, content: Vec<u8>) -> Self {
        let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' };
        Self { name: name.chars().map(plain).collect(), media_type, content }
    }

    /// The file to be saved under its name, or 304 to whoever holds it already.
    ///
    /// It is never shown in place: one that somebody uploaded could act in the name of the site. Its tag follows from its
    /// bytes, so the same document made again has the same one.
    pub fn answer(self, held: &IfNoneMatch) -> HttpResponse {
        let tag = self.tag();
        if held.holds(&tag) {
            return HttpResponse::NotModified().insert_header((ETAG, tag)).finish();
        }
        HttpResponse::Ok()
            .content_type(self.media_type)
            .insert_header((ETAG, tag))
            .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", self.name)))
            .body(self.content)
    }

    fn tag(&self) -> String {
        let hash = digest::digest(&digest::SHA256, &self.content);
        format!("\"{}\"", hex(&hash.as_ref()[..16]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_fit_for_a_header() {
        let file = File::new("decreto 4/2020 \"è\"\r\n.pdf", File::PDF, vec![]);
        assert_eq!(file.name, "decreto-4-2020------.pdf");
    }

    #[test]
    fn the_tag_follows_from_the_bytes() {
        let tag = |content: &[u8]| File::new("a.pdf", File::PDF, content.to_vec()).tag();
        assert_eq!(tag(b"one"), tag(b"one"));
        assert_ne!(tag(b"one"), tag(b"two"));
        assert_eq!(tag(b"").len(), 34);
    }
}
