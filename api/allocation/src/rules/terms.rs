//! How a budget is shared out: the method, with all that it needs to be run again.

use concilia_kernel::{Ratio, text_enum};
use concilia_planning::Points;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError, ValidationErrors};

/// How the budget of a call is shared out.
///
/// Each method works on the admissible amount of a project: the grant it requests, unless a lower one was set. No
/// project gets more. Projects below the call's minimum score get nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum AllocationTerms {
    /// A percentage for each band of scores.
    Bands(BandsTerms),
    /// One percentage for all.
    FlatPercentage(FlatPercentageTerms),
    /// Down the list, each in full, until the budget ends.
    RankedInFull(RankedInFullTerms),
    /// In proportion to score times admissible amount.
    Proportional(ProportionalTerms),
}

text_enum! {
    /// How a budget is shared out.
    pub enum AllocationMethod {
        Bands = "bands",
        FlatPercentage = "flat_percentage",
        RankedInFull = "ranked_in_full",
        Proportional = "proportional",
    }
}

/// A percentage for each band of scores. A product is cut to the cent, never rounded up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BandsTerms {
    /// Bands from the highest scores to the lowest: minimum scores fall from one to the next, percentages never rise.
    /// A project is in the first band whose minimum score it reaches; below the last one it gets nothing.
    #[schema(min_items = 1, max_items = 12)]
    #[validate(length(min = 1, max = 12), custom(function = "descending"))]
    pub bands: Vec<Band>,
    /// Where goes what the percentages leave of the budget.
    pub residue: BandsResidue,
    /// How equal scores are ordered, first things first, each once; then by the project's reference. In this method it
    /// decides the order of the table, and single cents of the residue.
    #[serde(default)]
    #[schema(min_items = 0, max_items = 2)]
    #[validate(length(max = 2), custom(function = "consistent"))]
    pub tie_breaks: Vec<AllocationTieBreak>,
}

/// A band of scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Least score of the band, included.
    pub minimum_score: Points,
    /// Share of the admissible amount that its projects get.
    pub percentage: Ratio,
}

text_enum! {
    /// Where goes what whole percentages leave of the budget.
    pub enum BandsResidue {
        /// To the projects of the lowest band that gets something, in proportion to what they got; what is above their
        /// admissible amounts moves on to the next band up.
        LastBand = "last_band",
        /// To the projects of the highest band that gets something, in proportion to what they got; what is above their
        /// admissible amounts moves on to the next band down.
        FirstBand = "first_band",
        /// To all that get something, in proportion to what they got, up to their admissible amounts.
        Spread = "spread",
        /// To nobody: it stays unassigned.
        Keep = "keep",
    }
}

/// One percentage for all. A product is cut to the cent, never rounded up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlatPercentageTerms {
    /// Share of the admissible amount that each project gets.
    pub percentage: Ratio,
    /// Where goes what the percentage leaves of the budget.
    pub residue: FlatResidue,
    /// How equal scores are ordered, first things first, each once; then by the project's reference. In this method it
    /// decides the order of the table, and single cents of the residue.
    #[serde(default)]
    #[schema(min_items = 0, max_items = 2)]
    #[validate(length(max = 2), custom(function = "consistent"))]
    pub tie_breaks: Vec<AllocationTieBreak>,
}

text_enum! {
    /// Where goes what one percentage for all leaves of the budget.
    pub enum FlatResidue {
        /// To all that get something, in proportion to what they got, up to their admissible amounts.
        Spread = "spread",
        /// To nobody: it stays unassigned.
        Keep = "keep",
    }
}

/// Down the list, each in full, until the budget ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RankedInFullTerms {
    /// What becomes of the first project that the money left does not cover.
    pub last: LastFunded,
    /// How equal scores are ordered, first things first, each once; then by the project's reference.
    #[schema(min_items = 0, max_items = 2)]
    #[validate(length(max = 2), custom(function = "consistent"))]
    pub tie_breaks: Vec<AllocationTieBreak>,
}

text_enum! {
    /// What becomes of the first project that the money left does not cover. What is left at the end stays unassigned.
    pub enum LastFunded {
        /// It gets what is left, and is the last.
        Partial = "partial",
        /// It gets nothing, and so does each one that is not covered in full; those after it that are covered get theirs.
        Skip = "skip",
        /// It gets nothing, nor does any after it.
        Stop = "stop",
    }
}

/// In proportion to score times admissible amount.
///
/// What a project would get above its admissible amount is shared out again among the others, until none is above.
/// Amounts are cut to the cent; the cents left go one each to the greatest remainders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProportionalTerms {
    /// How equal scores are ordered, first things first, each once; then by the project's reference. In this method it
    /// decides the order of the table, and single cents among equal remainders.
    #[serde(default)]
    #[schema(min_items = 0, max_items = 2)]
    #[validate(length(max = 2), custom(function = "consistent"))]
    pub tie_breaks: Vec<AllocationTieBreak>,
}

text_enum! {
    /// How projects of equal score are ordered. What remains equal follows the project's reference.
    pub enum AllocationTieBreak {
        /// Lower request first.
        RequestedAscending = "requested_ascending",
        /// Higher request first.
        RequestedDescending = "requested_descending",
        /// Earlier submission first.
        SubmittedAtAscending = "submitted_at_ascending",
    }
}

impl AllocationTerms {
    pub fn method(&self) -> AllocationMethod {
        match self {
            Self::Bands(_) => AllocationMethod::Bands,
            Self::FlatPercentage(_) => AllocationMethod::FlatPercentage,
            Self::RankedInFull(_) => AllocationMethod::RankedInFull,
            Self::Proportional(_) => AllocationMethod::Proportional,
        }
    }

    pub fn tie_breaks(&self) -> &[AllocationTieBreak] {
        match self {
            Self::Bands(terms) => &terms.tie_breaks,
            Self::FlatPercentage(terms) => &terms.tie_breaks,
            Self::RankedInFull(terms) => &terms.tie_breaks,
            Self::Proportional(terms) => &terms.tie_breaks,
        }
    }
}

impl Validate for AllocationTerms {
    fn validate(&self) -> Result<(), ValidationErrors> {
        match self {
            Self::Bands(terms) => terms.validate(),
            Self::FlatPercentage(terms) => terms.validate(),
            Self::RankedInFull(terms) => terms.validate(),
            Self::Proportional(terms) => terms.validate(),
        }
    }
}

impl From<FlatResidue> for BandsResidue {
    fn from(residue: FlatResidue) -> Self {
        match residue {
            FlatResidue::Spread => Self::Spread,
            FlatResidue::Keep => Self::Keep,
        }
    }
}

/// Minimum scores fall from band to band, percentages never rise: a better score never gets less.
fn descending(bands: &[Band]) -> Result<(), ValidationError> {
    let falls = |pair: &[Band]| match pair {
        [higher, lower] => higher.minimum_score > lower.minimum_score && higher.percentage >= lower.percentage,
        _ => true,
    };
    if bands.windows(2).all(falls) { Ok(()) } else { Err(ValidationError::new("bands_order")) }
}

/// Each tie-break once, and not one with its opposite.
fn consistent(tie_breaks: &[AllocationTieBreak]) -> Result<(), ValidationError> {
    let looks_at = |tie_break: &AllocationTieBreak| match tie_break {
        AllocationTieBreak::RequestedAscending | AllocationTieBreak::RequestedDescending => 0,
        AllocationTieBreak::SubmittedAtAscending => 1,
    };
    let repeated = tie_breaks
        .iter()
        .enumerate()
        .any(|(at, tie_break)| tie_breaks[..at].iter().any(|other| looks_at(other) == looks_at(tie_break)));
    if repeated { Err(ValidationError::new("duplicate")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn accepted(terms: Value) -> bool {
        serde_json::from_value::<AllocationTerms>(terms).is_ok_and(|terms| terms.validate().is_ok())
    }

    fn bands(bands: &[(&str, &str)]) -> Value {
        let bands: Vec<Value> =
            bands.iter().map(|(score, share)| json!({"minimum_score": score, "percentage": share})).collect();
        json!({"method": "bands", "bands": bands, "residue": "last_band"})
    }

    #[test]
    fn bands_fall_in_score_and_do_not_rise_in_percentage() {
        assert!(accepted(bands(&[("55.00", "0.87"), ("40.00", "0.66"), ("0.00", "0.50")])));
        assert!(accepted(bands(&[("55.00", "0.70"), ("40.00", "0.70")])));
        assert!(!accepted(bands(&[])));
        assert!(!accepted(bands(&[("40.00", "0.66"), ("55.00", "0.50")])));
        assert!(!accepted(bands(&[("40.00", "0.66"), ("40.00", "0.50")])));
        assert!(!accepted(bands(&[("55.00", "0.50"), ("40.00", "0.66")])));
    }

    #[test]
    fn tie_breaks_do_not_repeat_or_contradict_each_other() {
        let ranked =
            |tie_breaks: Value| json!({"method": "ranked_in_full", "last": "stop", "tie_breaks": tie_breaks});
        assert!(accepted(ranked(json!(["requested_ascending", "submitted_at_ascending"]))));
        assert!(!accepted(ranked(json!(["requested_ascending", "requested_descending"]))));
        assert!(!accepted(json!({"method": "ranked_in_full", "last": "stop"})));
        assert!(accepted(json!({"method": "proportional"})));
        assert!(!accepted(json!({"method": "proportional", "last": "stop"})));
        assert!(!accepted(json!({"method": "flat_percentage", "percentage": "0.70", "residue": "last_band"})));
    }

    #[test]
    fn terms_are_read_back_as_they_were_written() {
        let written = bands(&[("55.00", "0.8700"), ("40.00", "0.6667")]);
        let terms: AllocationTerms = serde_json::from_value(written).unwrap();
        let stored = serde_json::to_value(&terms).unwrap();
        assert_eq!(stored["bands"][0]["percentage"], "0.87");
        assert_eq!(serde_json::from_value::<AllocationTerms>(stored).unwrap(), terms);
    }
}
