//! What a file is, told by its first bytes and not by its name.

use concilia_kernel::text_enum;

text_enum! {
    /// Media type of a document.
    pub enum DocumentType {
        /// PDF.
        Pdf = "application/pdf",
        /// PNG image.
        Png = "image/png",
        /// JPEG image.
        Jpeg = "image/jpeg",
        /// Spreadsheet of Office Open XML.
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        /// Text document of Office Open XML.
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
}

impl DocumentType {
    /// The type of a file; `None` for one that is not taken, such as an Office file with macros.
    pub fn of(content: &[u8]) -> Option<Self> {
        if content.starts_with(b"%PDF-") {
            return Some(Self::Pdf);
        }
        if content.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Some(Self::Png);
        }
        if content.starts_with(b"\xff\xd8\xff") {
            return Some(Self::Jpeg);
        }
        // The names of the parts stand uncompressed in a ZIP archive.
        let has = |part: &[u8]| content.windows(part.len()).any(|window| window == part);
        if !content.starts_with(b"PK\x03\x04") || !has(b"[Content_Types].xml") || has(b"vbaProject.bin") {
            return None;
        }
        match (has(b"word/document.xml"), has(b"xl/workbook.xml")) {
            (true, false) => Some(Self::Docx),
            (false, true) => Some(Self::Xlsx),
            _ => None,
        }
    }

    /// The usual ending of the file's name.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_bytes() {
        let zip = |parts: &str| format!("PK\u{3}\u{4}..[Content_Types].xml..{parts}").into_bytes();
        assert_eq!(DocumentType::of(b"%PDF-1.7 ..."), Some(DocumentType::Pdf));
        assert_eq!(DocumentType::of(b"\x89PNG\r\n\x1a\n..."), Some(DocumentType::Png));
        assert_eq!(DocumentType::of(b"\xff\xd8\xff\xe0"), Some(DocumentType::Jpeg));
        assert_eq!(DocumentType::of(&zip("word/document.xml")), Some(DocumentType::Docx));
        assert_eq!(DocumentType::of(&zip("xl/workbook.xml")), Some(DocumentType::Xlsx));
        for refused in
            [&b""[..], b"<html>", b"MZ", &zip("ppt/presentation.xml"), &zip("word/document.xml vbaProject.bin")]
        {
            assert_eq!(DocumentType::of(refused), None);
        }
    }
}
