//! The ranking of a call: points, a total order, awards strictly down the list until the money ends.

use super::facts::Entry;
use super::terms::{Criterion, PointsReason, Terms, TieBreak};
use aws_lc_rs::digest;
use concilia_kernel::{Money, text_enum};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::HashMap;
use uuid::Uuid;

/// Changes when the same inputs would be ranked otherwise, so that the hash tells.
const ALGORITHM: u32 = 1;

text_enum! {
    /// What became of a line.
    pub enum Outcome {
        Awarded = "awarded",
        WaitListed = "wait_listed",
        Excluded = "excluded",
    }
}

text_enum! {
    /// Why a line was awarded, wait-listed or excluded.
    pub enum OutcomeCode {
        /// The value per child.
        FullValue = "full_value",
        /// Less than the value per child: what the household's cap left.
        HouseholdCapPartial = "household_cap_partial",
        /// The money ended before this line.
        BudgetExhausted = "budget_exhausted",
        /// The household already has all that the call allows.
        HouseholdCapReached = "household_cap_reached",
        /// The child's age at closing is not admitted.
        AgeOutOfRange = "age_out_of_range",
    }
}

impl OutcomeCode {
    /// In (Italian, English).
    pub fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::FullValue => (
                "Voucher assegnato per l'intero valore previsto per figlio.",
                "Voucher awarded for the whole value per child.",
            ),
            Self::HouseholdCapPartial => (
                "Voucher assegnato fino al massimo previsto per nucleo familiare.",
                "Voucher awarded up to the household's cap.",
            ),
            Self::BudgetExhausted => (
                "In lista d'attesa: le risorse sono terminate prima di questa posizione.",
                "Wait-listed: the money ended before this position.",
            ),
            Self::HouseholdCapReached => (
                "Esclusa: il nucleo familiare ha già ottenuto il massimo previsto.",
                "Excluded: the household already has the most it may get.",
            ),
            Self::AgeOutOfRange => (
                "Esclusa: alla chiusura dell'avviso l'età non è tra quelle ammesse.",
                "Excluded: at the call's closing the age is not admitted.",
            ),
        }
    }
}

/// What one criterion gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriterionResult {
    pub criterion: Criterion,
    pub given: i32,
    pub reason: PointsReason,
}

/// The value by which a tie was broken; `None` when missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TieBreakValue {
    pub tie_break: TieBreak,
    pub value: Option<String>,
}

/// How a line came by its position. Tells health and means: sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    pub criteria: Vec<CriterionResult>,
    pub tie_breaks: Vec<TieBreakValue>,
}

/// A line in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankedLine {
    pub position: i32,
    pub application_line_id: Uuid,
    pub household: Uuid,
    pub protocol_number: String,
    pub line: i16,
    pub points: i32,
    pub explanation: Explanation,
    pub outcome: Outcome,
    pub outcome_code: OutcomeCode,
    pub waiting_position: Option<i32>,
    pub amount: Money,
}

/// Ranks `entries`, in whatever order they come.
///
/// Lines of admitted age come first, by points, then by the tie-breaks in their order, then by
/// protocol number and line: no two lines are ever equal. Vouchers go strictly down the list: the
/// first line that the money left does not cover ends the awards, and who follows waits in order,
/// even if a smaller amount would fit. A household gets at most its cap; the last voucher may be
/// partial. Lines of other ages close the list, excluded.
pub fn rank(terms: &Terms, entries: &[Entry]) -> Vec<RankedLine> {
    let mut scored: Vec<(bool, i32, &Entry)> = entries
        .iter()
        .map(|entry| (terms.admits_birth_date(entry.child.birth_date), points(terms, entry), entry))
        .collect();
    scored.sort_by(|(admitted, points, entry), (other_admitted, other_points, other)| {
        other_admitted.cmp(admitted).then(other_points.cmp(points)).then_with(|| tie(terms, entry, other))
    });
    let mut awards = Awards::new(terms);
    scored
        .into_iter()
        .zip(1..)
        .map(|((admitted, points, entry), position)| {
            let decision = if admitted {
                awards.decide(entry.household)
            } else {
                Decision::excluded(OutcomeCode::AgeOutOfRange)
            };
            RankedLine {
                position,
                application_line_id: entry.application_line_id,
                household: entry.household,
                protocol_number: entry.protocol_number.clone(),
                line: entry.line,
                points,
                explanation: explain(terms, entry),
                outcome: decision.outcome,
                outcome_code: decision.code,
                waiting_position: decision.waiting_position,
                amount: decision.amount,
            }
        })
        .collect()
}

fn points(terms: &Terms, entry: &Entry) -> i32 {
    terms.criteria.iter().map(|c| c.judge(&entry.declared_household, &entry.child).0).sum()
}

fn tie(terms: &Terms, one: &Entry, other: &Entry) -> Ordering {
    let broken = terms.tie_breaks.iter().map(|tie_break| match tie_break {
        TieBreak::IseeAscending => {
            let key = |entry: &Entry| (entry.declared_household.isee.is_none(), entry.declared_household.isee);
            key(one).cmp(&key(other))
        }
        TieBreak::SubmittedAtAscending => one.submitted_at.cmp(&other.submitted_at),
        TieBreak::YoungestFirst => other.child.birth_date.cmp(&one.child.birth_date),
    });
    broken
        .into_iter()
        .find(|order| order.is_ne())
        .unwrap_or_else(|| (&one.protocol_number, one.line).cmp(&(&other.protocol_number, other.line)))
}

fn explain(terms: &Terms, entry: &Entry) -> Explanation {
    let criteria = terms.criteria.iter().map(|criterion| {
        let (given, reason) = criterion.judge(&entry.declared_household, &entry.child);
        CriterionResult { criterion: *criterion, given, reason }
    });
    let tie_breaks = terms.tie_breaks.iter().map(|tie_break| TieBreakValue {
        tie_break: *tie_break,
        value: match tie_break {
            TieBreak::IseeAscending => entry.declared_household.isee.map(|isee| isee.to_string()),
            TieBreak::SubmittedAtAscending => {
                Some(entry.submitted_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
            }
            TieBreak::YoungestFirst => Some(entry.child.birth_date.to_string()),
        },
    });
    Explanation { criteria: criteria.collect(), tie_breaks: tie_breaks.collect() }
}

struct Decision {
    outcome: Outcome,
    code: OutcomeCode,
    waiting_position: Option<i32>,
    amount: Money,
}

impl Decision {
    fn excluded(code: OutcomeCode) -> Self {
        Self { outcome: Outcome::Excluded, code, waiting_position: None, amount: Money::ZERO }
    }
}

/// The money on its way down the list.
struct Awards<'t> {
    terms: &'t Terms,
    left: Money,
    waiting: i32,
    by_household: HashMap<Uuid, Money>,
}

impl<'t> Awards<'t> {
    fn new(terms: &'t Terms) -> Self {
        Self { terms, left: terms.available(), waiting: 0, by_household: HashMap::new() }
    }

    fn decide(&mut self, household: Uuid) -> Decision {
        let got = self.by_household.entry(household).or_default();
        let value = self.terms.value_per_child;
        let amount = self.terms.household_cap.map_or(value, |cap| value.min(cap - *got));
        if !amount.is_positive() {
            return Decision::excluded(OutcomeCode::HouseholdCapReached);
        }
        if self.waiting > 0 || amount > self.left {
            self.waiting += 1;
            return Decision {
                outcome: Outcome::WaitListed,
                code: OutcomeCode::BudgetExhausted,
                waiting_position: Some(self.waiting),
                amount: Money::ZERO,
            };
        }
        *got += amount;
        self.left -= amount;
        let code = if amount == value { OutcomeCode::FullValue } else { OutcomeCode::HouseholdCapPartial };
        Decision { outcome: Outcome::Awarded, code, waiting_position: None, amount }
    }
}

/// How many lines, and how much money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    pub lines: i32,
    pub awarded: i32,
    pub wait_listed: i32,
    pub excluded: i32,
    pub awarded_amount: Money,
}

pub fn totals(lines: &[RankedLine]) -> Totals {
    let count = |outcome| lines.iter().filter(|line| line.outcome == outcome).count() as i32;
    Totals {
        lines: lines.len() as i32,
        awarded: count(Outcome::Awarded),
        wait_listed: count(Outcome::WaitListed),
        excluded: count(Outcome::Excluded),
        awarded_amount: lines.iter().map(|line| line.amount).sum(),
    }
}

#[derive(Serialize)]
struct Inputs<'a> {
    algorithm: u32,
    terms: &'a Terms,
    entries: Vec<&'a Entry>,
}

/// SHA-256 of the rules and of everything they are applied to, in canonical order: JSON with the
/// entries by protocol number and line. Equal hashes, equal rankings.
pub fn inputs_hash(terms: &Terms, entries: &[Entry]) -> Result<[u8; 32], serde_json::Error> {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort_by(|one, other| (&one.protocol_number, one.line).cmp(&(&other.protocol_number, other.line)));
    let canonical = serde_json::to_vec(&Inputs { algorithm: ALGORITHM, terms, entries })?;
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, &canonical).as_ref());
    Ok(hash)
}
