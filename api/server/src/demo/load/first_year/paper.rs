//! The documents of invented expenses: one page each, which says that it is invented.

use std::fmt::Write;

/// A PDF of one page with a few lines of text.
pub(super) fn pdf(lines: &[&str]) -> Vec<u8> {
    let mut text = String::from("BT /F1 12 Tf 60 780 Td 18 TL\n");
    for line in lines {
        let _ = writeln!(text, "({}) Tj T*", escaped(line));
    }
    text.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (object, number) in objects.iter().zip(1..) {
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{number} 0 obj\n{object}\nendobj\n");
    }
    let start = file.len();
    let _ =
        write!(file, "{table}trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    file.into_bytes()
}

/// Text of a PDF string: Latin-1, what is not plain ASCII by its octal code.
fn escaped(line: &str) -> String {
    let mut text = String::new();
    for char in line.chars() {
        match char {
            '(' | ')' | '\\' => text.extend(['\\', char]),
            ' '..='~' => text.push(char),
            '\u{a0}'..='\u{ff}' => {
                let _ = write!(text, "\\{:03o}", u32::from(char));
            }
            _ => text.push('?'),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_a_document_points_at_its_objects() {
        let file = String::from_utf8(pdf(&["Fattura (inventata) n. 1", "Attività"])).unwrap();
        assert!(file.starts_with("%PDF-"));
        assert!(
            file.contains("(Fattura \\(inventata\\) n. 1) Tj") && file.contains("(Attivit\\340) Tj"),
            "{file}"
        );
        let start: usize = file.split("startxref\n").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
        let entries = file[start..].lines().skip(3).take(5);
        for (entry, number) in entries.zip(1..) {
            let at: usize = entry[..10].parse().unwrap();
            assert!(file[at..].starts_with(&format!("{number} 0 obj\n")), "object {number}");
        }
    }
}
