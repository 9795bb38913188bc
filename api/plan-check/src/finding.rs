use crate::rule::{Rule, Severity};
use concilia_kernel::problem::Text;
use std::collections::BTreeMap;
use std::fmt::Display;

/// One relation that does not hold.
#[derive(Debug, Clone)]
pub struct Finding {
    pub rule: Rule,
    /// JSON Pointer to the value at fault.
    pub at: String,
    /// JSON Pointers to the values that it disagrees with.
    pub related: Vec<String>,
    /// Whom it is about: a project's reference, a name.
    pub subject: String,
    pub expected: String,
    pub found: String,
    /// What helps to see why, in both languages.
    pub detail: Option<Text>,
}

impl Finding {
    fn new(rule: Rule, at: &str) -> Self {
        Self {
            rule,
            at: at.to_owned(),
            related: vec![],
            subject: String::new(),
            expected: String::new(),
            found: String::new(),
            detail: None,
        }
    }

    pub(crate) fn expected(mut self, value: impl Display) -> Self {
        self.expected = value.to_string();
        self
    }

    pub(crate) fn found(mut self, value: impl Display) -> Self {
        self.found = value.to_string();
        self
    }

    pub(crate) fn subject(mut self, value: impl Display) -> Self {
        self.subject = value.to_string();
        self
    }

    pub(crate) fn at(mut self, pointer: String) -> Self {
        self.at = pointer;
        self
    }

    pub(crate) fn related(mut self, pointers: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.related.extend(pointers.into_iter().map(|pointer| pointer.as_ref().to_owned()));
        self
    }

    pub(crate) fn detail(mut self, it: impl Into<String>, en: impl Into<String>) -> Self {
        self.detail = Some(Text::new(it, en));
        self
    }
}

/// What was found, and how often each rule was applied.
#[derive(Debug, Default)]
pub struct Findings {
    found: Vec<Finding>,
    times: BTreeMap<Rule, u32>,
}

impl Findings {
    /// Applies `rule` once: `finding` says more where it does not hold.
    pub(crate) fn check(
        &mut self,
        rule: Rule,
        at: &str,
        holds: bool,
        finding: impl FnOnce(Finding) -> Finding,
    ) -> bool {
        *self.times.entry(rule).or_default() += 1;
        if !holds {
            self.found.push(finding(Finding::new(rule, at)));
        }
        holds
    }

    /// Everything of `severity`, in the order in which it was found.
    pub fn of(&self, severity: Severity) -> impl Iterator<Item = &Finding> {
        self.found.iter().filter(move |finding| finding.rule.severity() == severity)
    }

    pub fn all(&self) -> &[Finding] {
        &self.found
    }

    /// The rules that found something to apply to, and how often.
    pub fn applied(&self) -> impl Iterator<Item = (Rule, u32)> {
        self.times.iter().map(|(rule, times)| (*rule, *times))
    }
}
