//! A report for the eye.

use crate::report::{PlanCheck, PlanCheckFinding};
use crate::rule::Severity;
use concilia_kernel::language::Language;
use std::fmt::Write;

impl PlanCheck {
    /// A list of what was found, and a line that sums up.
    pub fn text(&self, language: Language) -> String {
        let mut text = String::new();
        for finding in self.findings.iter().chain(&self.notes) {
            write_finding(&mut text, finding, language);
        }
        if !text.is_empty() {
            text.push('\n');
        }
        let counts = self.counts;
        let rules = self.checked.len();
        let _ = match language {
            Language::Italian => writeln!(
                text,
                "{}, {}, {}; {rules} regole applicate in {} controlli",
                plural(counts.errors, "errore", "errori"),
                plural(counts.warnings, "avviso", "avvisi"),
                plural(counts.notes, "nota", "note"),
                counts.checks,
            ),
            Language::English => writeln!(
                text,
                "{}, {}, {}; {rules} rules applied in {} checks",
                plural(counts.errors, "error", "errors"),
                plural(counts.warnings, "warning", "warnings"),
                plural(counts.notes, "note", "notes"),
                counts.checks,
            ),
        };
        text
    }
}

fn write_finding(text: &mut String, finding: &PlanCheckFinding, language: Language) {
    let severity = match (finding.severity, language) {
        (Severity::Error, Language::Italian) => "errore",
        (Severity::Warning, Language::Italian) => "avviso",
        (Severity::Note, Language::Italian) => "nota",
        (Severity::Error, Language::English) => "error",
        (Severity::Warning, Language::English) => "warning",
        (Severity::Note, Language::English) => "note",
    };
    let at = if finding.at.is_empty() { "/" } else { &finding.at };
    let _ = writeln!(text, "{severity} {} {at}\n    {}", finding.rule, finding.message);
    if !finding.related.is_empty() {
        let see = if language == Language::Italian { "vedi" } else { "see" };
        let shown: Vec<&str> = finding.related.iter().take(4).map(String::as_str).collect();
        let more = finding.related.len() - shown.len();
        let rest = if more > 0 { format!(" (+{more})") } else { String::new() };
        let _ = writeln!(text, "    {see} {}{rest}", shown.join(" "));
    }
}

fn plural(count: u32, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
