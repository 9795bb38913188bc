//! What is asked of the search for percentages, and what it answers.

use crate::rules::suggest::{BandBounds, Choice, SuggestionOrder};
use concilia_kernel::{Money, Ratio};
use concilia_planning::Points;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError, ValidationErrors};

/// For which method percentages are looked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
pub enum SuggestAllocation {
    /// One percentage for each band of scores.
    Bands(SuggestBands),
    /// One percentage for all: the greatest that fits.
    FlatPercentage {},
}

/// Bands with the percentages to start from.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestBands {
    /// Bands from the highest scores to the lowest: minimum scores fall from one to the next, starting percentages never
    /// rise.
    #[schema(min_items = 1, max_items = 6)]
    #[validate(length(min = 1, max = 6), custom(function = "descending"), nested)]
    pub bands: Vec<StartingBand>,
    /// How suggestions are ordered; the closest first unless told.
    #[serde(default = "closest")]
    #[schema(default = "closest")]
    pub order: SuggestionOrder,
    /// How many suggestions at most, 1 to 50; 10 unless told.
    #[serde(default = "ten")]
    #[validate(range(min = 1, max = 50))]
    #[schema(minimum = 1, maximum = 50, format = Int32, default = 10)]
    pub limit: u8,
}

fn closest() -> SuggestionOrder {
    SuggestionOrder::Closest
}

fn ten() -> u8 {
    10
}

/// A band, and where to look for its percentage. All percentages here are whole.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartingBand {
    /// Least score of the band, included.
    pub minimum_score: Points,
    /// Percentage that cuts are counted from, whole, above zero.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 4, example = "0.90",
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|1\.00)$")]
    pub percentage: Ratio,
    /// Lowest percentage to suggest, whole; 0.00 unless told.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "decimal", min_length = 4, max_length = 4, example = "0.50",
             pattern = r"^(0\.\d{2}|1\.00)$")]
    pub minimum_percentage: Option<Ratio>,
    /// Highest percentage to suggest, whole, not below the lowest; the starting one unless told.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "decimal", min_length = 4, max_length = 4, example = "0.90",
             pattern = r"^(0\.\d{2}|1\.00)$")]
    pub maximum_percentage: Option<Ratio>,
}

impl Validate for SuggestAllocation {
    fn validate(&self) -> Result<(), ValidationErrors> {
        match self {
            Self::Bands(bands) => bands.validate(),
            Self::FlatPercentage {} => Ok(()),
        }
    }
}

impl StartingBand {
    /// The bounds of the search; `None` when a percentage is not whole.
    pub fn bounds(&self) -> Option<BandBounds> {
        let minimum = self.minimum_percentage.map_or(Some(0), whole)?;
        let maximum = self.maximum_percentage.map_or_else(|| whole(self.percentage), whole)?;
        Some(BandBounds { start: whole(self.percentage)?, minimum, maximum })
    }
}

impl Validate for StartingBand {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::new();
        let fields = [
            ("percentage", Some(self.percentage)),
            ("minimum_percentage", self.minimum_percentage),
            ("maximum_percentage", self.maximum_percentage),
        ];
        for (field, _) in fields.into_iter().filter(|(_, share)| share.is_some_and(|share| whole(share).is_none()))
        {
            errors.add(field, ValidationError::new("pattern"));
        }
        if let Some(bounds) = self.bounds() {
            if bounds.start == 0 {
                errors.add("percentage", ValidationError::new("range"));
            }
            if bounds.maximum < bounds.minimum {
                errors.add("maximum_percentage", ValidationError::new("range"));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// A whole percentage, 0 to 100.
fn whole(share: Ratio) -> Option<u8> {
    let percent = (share.decimal() * Decimal::ONE_HUNDRED).normalize();
    (percent.scale() == 0).then(|| u8::try_from(percent.mantissa()).ok()).flatten()
}

fn descending(bands: &[StartingBand]) -> Result<(), ValidationError> {
    let falls = |pair: &[StartingBand]| match pair {
        [higher, lower] => higher.minimum_score > lower.minimum_score && higher.percentage >= lower.percentage,
        _ => true,
    };
    if bands.windows(2).all(falls) { Ok(()) } else { Err(ValidationError::new("bands_order")) }
}

/// Whole percentages that fit the budget.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "budget": "171718.40", "minimum_score": null, "waiting": 0, "starting_total": "178600.00", "over_by": "6881.60",
    "exhaustive": true,
    "items": [{"percentages": ["0.87", "0.66", "0.50"], "total": "171680.00", "residue": "38.40", "cuts": [3, 4, 0],
               "total_cut": 7, "greatest_cut": 4, "relative_cuts": ["0.033333", "0.057142", "0.000000"],
               "greatest_relative_cut": "0.057142", "spread": "0.057142"}]
}))]
pub struct AllocationSuggestions {
    /// EUR to share out.
    pub budget: Money,
    /// Least score with which a project is funded; null for none.
    #[schema(required)]
    pub minimum_score: Option<Points>,
    /// Projects of the call that may still get a score, and are not counted.
    #[schema(format = Int32, minimum = 0)]
    pub waiting: i32,
    /// EUR that the starting percentages give; 100% for a flat percentage.
    pub starting_total: Money,
    /// EUR by which they exceed the budget; 0.00 when they fit.
    pub over_by: Money,
    /// Whether the search went as far as it had to. It gives up after a fixed amount of work: then what it lists fits, but
    /// something better may be missing.
    pub exhaustive: bool,
    /// The suggestions, in the order asked for. In each, no percentage can be raised by one point, within its bounds and
    /// below the band above, without exceeding the budget.
    #[schema(min_items = 0, max_items = 50)]
    pub items: Vec<Suggestion>,
}

/// Whole percentages that fit, and how they cut the starting ones.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestion {
    /// A percentage for each band, from the highest scores; a single one for a flat percentage.
    #[schema(min_items = 1, max_items = 6)]
    pub percentages: Vec<Ratio>,
    /// EUR that they give, each product cut to the cent.
    pub total: Money,
    /// EUR that they leave of the budget.
    pub residue: Money,
    /// Points below the starting percentage, for each band; negative when above it.
    #[schema(min_items = 1, max_items = 6)]
    pub cuts: Vec<i16>,
    /// Points cut in all.
    #[schema(format = Int32, minimum = -600, maximum = 600)]
    pub total_cut: i16,
    /// Greatest of the cuts, in points.
    #[schema(format = Int32, minimum = -100, maximum = 100)]
    pub greatest_cut: i16,
    /// Cut over starting percentage, for each band, to six decimals.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 6)]
    pub relative_cuts: Vec<RelativeCut>,
    /// Greatest of the relative cuts.
    pub greatest_relative_cut: RelativeCut,
    /// Between the greatest relative cut and the smallest: 0 cuts all alike.
    pub spread: RelativeCut,
}

/// A cut over its starting percentage, cut towards zero to six decimals, as a string.
#[derive(Debug, Clone, Copy, ToSchema)]
#[schema(value_type = String, format = "decimal", example = "0.057142", max_length = 10,
         pattern = r"^-?\d{1,2}\.\d{6}$")]
pub struct RelativeCut(i64);

impl Serialize for RelativeCut {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.6}", Decimal::new(self.0, 6)))
    }
}

impl From<&Choice> for Suggestion {
    fn from(choice: &Choice) -> Self {
        let share = |percent: &u8| Ratio::hundredths(i64::from(*percent)).unwrap_or_default();
        Self {
            percentages: choice.percentages.iter().map(share).collect(),
            total: choice.total,
            residue: choice.residue,
            total_cut: choice.total_cut(),
            greatest_cut: choice.greatest_cut(),
            relative_cuts: choice.relative_cuts.iter().copied().map(RelativeCut).collect(),
            greatest_relative_cut: RelativeCut(choice.greatest_relative_cut()),
            spread: RelativeCut(choice.spread()),
            cuts: choice.cuts.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn accepted(asked: Value) -> bool {
        serde_json::from_value::<SuggestAllocation>(asked).is_ok_and(|asked| asked.validate().is_ok())
    }

    fn bands(change: impl FnOnce(&mut Value)) -> Value {
        let mut asked = json!({"method": "bands", "bands": [{"minimum_score": "55.00", "percentage": "0.90"},
                                                            {"minimum_score": "0.00", "percentage": "0.50"}]});
        change(&mut asked);
        asked
    }

    #[test]
    fn each_rule_of_the_request_is_held() {
        assert!(accepted(bands(|_| ())));
        assert!(accepted(bands(|asked| asked["bands"][1]["minimum_percentage"] = json!("0.50"))));
        assert!(accepted(json!({"method": "flat_percentage"})));
        assert!(!accepted(json!({"method": "flat_percentage", "unheard": 1})));
        assert!(!accepted(bands(|asked| asked["unheard"] = json!(1))));
        assert!(!accepted(bands(|asked| asked["limit"] = json!(51))));
        for (field, value) in [("percentage", "0.875"), ("percentage", "0.00"), ("maximum_percentage", "0.105")] {
            assert!(!accepted(bands(|asked| asked["bands"][1][field] = json!(value))), "{field} {value}");
        }
        let crossed = |asked: &mut Value| {
            asked["bands"][1]["minimum_percentage"] = json!("0.40");
            asked["bands"][1]["maximum_percentage"] = json!("0.30");
        };
        assert!(!accepted(bands(crossed)));
        assert!(!accepted(bands(|asked| asked["bands"][1]["minimum_score"] = json!("55.00"))));
        assert!(!accepted(bands(|asked| asked["bands"][1]["percentage"] = json!("0.95"))));
    }

    #[test]
    fn a_relative_cut_has_six_decimals_and_its_sign() {
        let written = |millionths| serde_json::to_value(RelativeCut(millionths)).unwrap();
        assert_eq!(
            (written(57_142), written(-10_000), written(0)),
            (json!("0.057142"), json!("-0.010000"), json!("0.000000"))
        );
    }
}
