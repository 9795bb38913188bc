use crate::rules::{IndicatorCode, IndicatorUnit, Level, share};
use concilia_kernel::language::{self, Language};
use concilia_kernel::problem::Text;
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

/// A count or an amount: whole for counts, with two decimals for EUR.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(format = "decimal", example = "71", max_length = 20, pattern = r"^-?\d{1,15}(\.\d{2})?$")]
pub struct Quantity(String);

impl Quantity {
    pub(crate) fn new(value: Decimal, unit: IndicatorUnit) -> Self {
        Self(match unit {
            IndicatorUnit::Count => format!("{value:.0}"),
            IndicatorUnit::Money => format!("{value:.2}"),
        })
    }
}

/// A share with four decimals: `0.4465` is 44.65%.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = "decimal", example = "0.4465", max_length = 20, pattern = r"^-?\d{1,12}\.\d{4}$")]
pub struct IndicatorShare(pub(crate) Decimal);

impl Serialize for IndicatorShare {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.4}", self.0))
    }
}

/// The project an indicator is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IndicatorProject {
    /// The project.
    pub id: Uuid,
    /// Its number in the plan.
    #[schema(min_length = 1, max_length = 40, example = "2.5")]
    pub reference: String,
    /// What it is called.
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
}

/// A figure of an indicator: what was reached, of how much.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IndicatorValue {
    /// The indicator.
    pub indicator: IndicatorCode,
    /// What it is called, in the caller's language.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// Whether it is of the plan or of a project.
    pub level: Level,
    /// The project, for an indicator of a project.
    #[schema(required)]
    pub project: Option<IndicatorProject>,
    /// The part it is of: a kind of organisation, the number of an activity; `all` for the whole.
    #[schema(min_length = 1, max_length = 100, example = "all")]
    pub dimension: String,
    /// The part in words, such as the title of the activity.
    #[schema(min_length = 0, max_length = 400)]
    pub dimension_title: String,
    /// What is counted.
    pub unit: IndicatorUnit,
    /// What was reached.
    pub numerator: Quantity,
    /// What the numerator counts, in the caller's language.
    #[schema(min_length = 1, max_length = 100)]
    pub numerator_title: String,
    /// Of how much; null for what is only counted, and where nothing was expected.
    #[schema(required)]
    pub denominator: Option<Quantity>,
    /// What the denominator counts, in the caller's language; null with it.
    #[schema(required, min_length = 1, max_length = 100)]
    pub denominator_title: Option<String>,
    /// Numerator over denominator, cut to four decimals; null where there is no denominator or it is zero.
    #[schema(required)]
    pub share: Option<IndicatorShare>,
    /// The share to reach, where one is set.
    #[schema(required)]
    pub target: Option<IndicatorShare>,
}

/// A figure as the records add up to it.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    pub indicator: IndicatorCode,
    pub project: Option<IndicatorProject>,
    pub dimension: String,
    pub dimension_title: String,
    pub numerator: Decimal,
    pub denominator: Option<Decimal>,
}

/// What tells one figure from another, in the order of lists: those of the plan first.
pub(crate) type FigureKey = (Option<String>, usize, String);

impl Figure {
    pub(crate) fn key(&self) -> FigureKey {
        let place = IndicatorCode::ALL.iter().position(|code| *code == self.indicator).unwrap_or_default();
        (self.project.as_ref().map(|project| project.reference.clone()), place, self.dimension.clone())
    }

    pub(crate) fn share(&self) -> Option<Decimal> {
        share(self.numerator, self.denominator)
    }

    pub(crate) fn value(self) -> IndicatorValue {
        let share = self.share().map(IndicatorShare);
        let definition = self.indicator.definition();
        let unit = definition.unit;
        IndicatorValue {
            indicator: self.indicator,
            title: spoken(definition.title),
            level: definition.level,
            project: self.project,
            dimension: self.dimension,
            dimension_title: self.dimension_title,
            unit,
            numerator: Quantity::new(self.numerator, unit),
            numerator_title: spoken(definition.numerator),
            denominator_title: definition.denominator.filter(|_| self.denominator.is_some()).map(spoken),
            denominator: self.denominator.map(|value| Quantity::new(value, unit)),
            share,
            target: definition.target.map(IndicatorShare),
        }
    }
}

/// A text in the caller's language.
pub(crate) fn spoken(text: Text) -> String {
    match language::current().language {
        Language::Italian => text.it,
        Language::English => text.en,
    }
}
