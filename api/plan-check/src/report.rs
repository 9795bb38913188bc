use crate::finding::{Finding, Findings};
use crate::rule::{Rule, Severity};
use concilia_kernel::language::Language;
use serde::Serialize;
use utoipa::ToSchema;

/// Most findings, and most notes, of an answer; the counts tell of the others.
const MOST: usize = 1000;
/// Most places that one finding names.
const MOST_RELATED: usize = 100;
/// Longest text shown of a document.
const LONGEST: usize = 300;

/// Everything found in one document.
#[derive(Debug)]
pub struct Report {
    findings: Findings,
}

/// What was found in a plan written as data.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanCheck {
    /// Relations that do not hold, in the order of the document's sections; at most 1000.
    #[schema(min_items = 0, max_items = 1000)]
    pub findings: Vec<PlanCheckFinding>,
    /// What is worth a look and no inconsistency by itself; at most 1000.
    #[schema(min_items = 0, max_items = 1000)]
    pub notes: Vec<PlanCheckFinding>,
    /// The rules that found something to apply to. A rule that is not here was skipped: the document lacks its figures.
    #[schema(min_items = 0, max_items = 200)]
    pub checked: Vec<PlanCheckRule>,
    pub counts: PlanCheckCounts,
}

/// How much was found, also beyond what is listed.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct PlanCheckCounts {
    /// Contradictions and broken rules.
    #[schema(minimum = 0)]
    pub errors: u32,
    /// Most likely slips.
    #[schema(minimum = 0)]
    pub warnings: u32,
    /// Notes.
    #[schema(minimum = 0)]
    pub notes: u32,
    /// Times that a rule was applied.
    #[schema(minimum = 0)]
    pub checks: u32,
}

/// One relation that does not hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanCheckFinding {
    /// Stable code of the rule.
    #[schema(max_length = 64, pattern = "^[a-z_]+$", example = "row_cost")]
    pub rule: &'static str,
    pub severity: Severity,
    /// JSON Pointer (RFC 6901) to the value at fault.
    #[serde(rename = "where")]
    #[schema(max_length = 400, example = "/allocation/rows/6/cost")]
    pub at: String,
    /// JSON Pointers to what it disagrees with; at most 100.
    #[schema(min_items = 0, max_items = 100, max_length = 400)]
    pub related: Vec<String>,
    /// What the relation leads to; empty where nothing can be said.
    #[schema(max_length = 400, example = "57142.85")]
    pub expected: String,
    /// What the document says.
    #[schema(max_length = 400, example = "57143")]
    pub found: String,
    /// The finding in words, in the caller's language.
    #[schema(max_length = 4000)]
    pub message: String,
}

/// A rule, and how often it was applied.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanCheckRule {
    /// Stable code of the rule.
    #[schema(max_length = 64, pattern = "^[a-z_]+$", example = "row_cost")]
    pub rule: &'static str,
    pub severity: Severity,
    /// What must hold, in the caller's language.
    #[schema(max_length = 300)]
    pub statement: &'static str,
    /// Times that it was applied.
    #[schema(minimum = 1)]
    pub times: u32,
}

impl Report {
    pub(crate) fn of(findings: Findings) -> Self {
        Self { findings }
    }

    /// What was found, as it was found.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// Whether no relation fails; notes do not count.
    pub fn is_clean(&self) -> bool {
        self.findings.all().iter().all(|finding| finding.rule.severity() == Severity::Note)
    }

    /// Whether a part of the document is not of the shape of the schema, so that not everything could be checked.
    pub fn has_unreadable_parts(&self) -> bool {
        self.findings.all().iter().any(|finding| finding.rule == Rule::ValueUnreadable)
    }

    /// The report in words.
    pub fn answer(&self, language: Language) -> PlanCheck {
        let count = |severity| self.findings.of(severity).count() as u32;
        let failures = self.findings.all().iter().filter(|finding| finding.rule.severity() != Severity::Note);
        PlanCheck {
            findings: failures.take(MOST).map(|finding| worded(finding, language)).collect(),
            notes: self.findings.of(Severity::Note).take(MOST).map(|finding| worded(finding, language)).collect(),
            checked: self.findings.applied().map(|(rule, times)| applied(rule, times, language)).collect(),
            counts: PlanCheckCounts {
                errors: count(Severity::Error),
                warnings: count(Severity::Warning),
                notes: count(Severity::Note),
                checks: self.findings.applied().map(|(_, times)| times).sum(),
            },
        }
    }
}

fn statement(rule: Rule, language: Language) -> &'static str {
    match language {
        Language::Italian => rule.it(),
        Language::English => rule.en(),
    }
}

fn applied(rule: Rule, times: u32, language: Language) -> PlanCheckRule {
    PlanCheckRule { rule: rule.code(), severity: rule.severity(), statement: statement(rule, language), times }
}

fn worded(finding: &Finding, language: Language) -> PlanCheckFinding {
    PlanCheckFinding {
        rule: finding.rule.code(),
        severity: finding.rule.severity(),
        at: cut(&finding.at),
        related: finding.related.iter().take(MOST_RELATED).map(|pointer| cut(pointer)).collect(),
        expected: cut(&finding.expected),
        found: cut(&finding.found),
        message: message(finding, language),
    }
}

fn message(finding: &Finding, language: Language) -> String {
    let (expected, found, rule) = match language {
        Language::Italian => ("atteso", "trovato", "Regola"),
        Language::English => ("expected", "found", "Rule"),
    };
    let sides = [(expected, &finding.expected), (found, &finding.found)];
    let sides = sides.into_iter().filter(|(_, side)| !side.is_empty());
    let mut words: Vec<String> = sides.map(|(word, side)| format!("{word} {}", cut(side))).collect();
    if let Some(detail) = &finding.detail {
        words.push(cut(if language == Language::Italian { &detail.it } else { &detail.en }));
    }
    let subject = if finding.subject.is_empty() { String::new() } else { format!("{}: ", cut(&finding.subject)) };
    format!("{subject}{}. {rule}: {}.", words.join(", "), statement(finding.rule, language))
}

/// A text of the document, short and on one line: whoever reads it may be a terminal.
fn cut(text: &str) -> String {
    let shown: String = text.chars().take(LONGEST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() { format!("{shown}…") } else { shown }
}
