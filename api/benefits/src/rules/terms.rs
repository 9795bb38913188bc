//! What a call says: criteria with points, tie-breaks in order, money.

use super::facts::{DeclaredChild, DeclaredHousehold};
use super::share::Share;
use chrono::NaiveDate;
use concilia_kernel::{Money, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError, ValidationErrors};

/// Points for a declared fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// Points given to a line that meets the criterion.
    #[schema(format = Int32, minimum = 1, maximum = 1000, example = 30)]
    pub points: i32,
}

/// Points for an ISEE not above a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IseeThreshold {
    /// Greatest ISEE in EUR, included.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, example = "15000.00",
             pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$")]
    pub threshold: Money,
    /// Points given to a line that meets the criterion.
    #[schema(format = Int32, minimum = 1, maximum = 1000, example = 30)]
    pub points: i32,
}

/// A criterion that gives points. `isee_up_to` may appear with several thresholds, whose points add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "criterion", rename_all = "snake_case")]
pub enum Criterion {
    /// The child has a certified disability.
    ChildDisability(Weight),
    /// The child has a certified learning disorder.
    ChildLearningDisorder(Weight),
    /// The child has another fragility.
    ChildOtherFragility(Weight),
    /// One parent alone takes care of the children.
    SingleParent(Weight),
    /// Both parents work.
    BothParentsWorking(Weight),
    /// A parent works in shifts.
    ShiftWork(Weight),
    /// No relatives nearby can help.
    NoRelativesNearby(Weight),
    /// The mother is self-employed or runs a business.
    WomanEntrepreneur(Weight),
    /// The ISEE is declared and not above the threshold.
    IseeUpTo(IseeThreshold),
}

text_enum! {
    /// What a criterion looks at.
    pub enum CriterionName {
        ChildDisability = "child_disability",
        ChildLearningDisorder = "child_learning_disorder",
        ChildOtherFragility = "child_other_fragility",
        SingleParent = "single_parent",
        BothParentsWorking = "both_parents_working",
        ShiftWork = "shift_work",
        NoRelativesNearby = "no_relatives_nearby",
        WomanEntrepreneur = "woman_entrepreneur",
        IseeUpTo = "isee_up_to",
    }
}

text_enum! {
    /// Why a criterion gave its points or did not.
    pub enum PointsReason {
        Declared = "declared",
        NotDeclared = "not_declared",
        IseeWithinThreshold = "isee_within_threshold",
        IseeAboveThreshold = "isee_above_threshold",
        IseeMissing = "isee_missing",
    }
}

impl PointsReason {
    /// In (Italian, English).
    pub fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Declared => ("dichiarato nella domanda", "declared in the application"),
            Self::NotDeclared => ("non dichiarato nella domanda", "not declared in the application"),
            Self::IseeWithinThreshold => ("ISEE entro la soglia", "ISEE within the threshold"),
            Self::IseeAboveThreshold => ("ISEE oltre la soglia", "ISEE above the threshold"),
            Self::IseeMissing => ("ISEE non dichiarato", "ISEE not declared"),
        }
    }
}

impl Criterion {
    pub fn name(&self) -> CriterionName {
        match self {
            Self::ChildDisability(_) => CriterionName::ChildDisability,
            Self::ChildLearningDisorder(_) => CriterionName::ChildLearningDisorder,
            Self::ChildOtherFragility(_) => CriterionName::ChildOtherFragility,
            Self::SingleParent(_) => CriterionName::SingleParent,
            Self::BothParentsWorking(_) => CriterionName::BothParentsWorking,
            Self::ShiftWork(_) => CriterionName::ShiftWork,
            Self::NoRelativesNearby(_) => CriterionName::NoRelativesNearby,
            Self::WomanEntrepreneur(_) => CriterionName::WomanEntrepreneur,
            Self::IseeUpTo(_) => CriterionName::IseeUpTo,
        }
    }

    /// Points that it gives when met.
    pub fn points(&self) -> i32 {
        match self {
            Self::ChildDisability(weight)
            | Self::ChildLearningDisorder(weight)
            | Self::ChildOtherFragility(weight)
            | Self::SingleParent(weight)
            | Self::BothParentsWorking(weight)
            | Self::ShiftWork(weight)
            | Self::NoRelativesNearby(weight)
            | Self::WomanEntrepreneur(weight) => weight.points,
            Self::IseeUpTo(isee) => isee.points,
        }
    }

    /// Greatest ISEE, for the criterion that looks at it.
    pub fn threshold(&self) -> Option<Money> {
        match self {
            Self::IseeUpTo(isee) => Some(isee.threshold),
            _ => None,
        }
    }

    /// The points given to a line, and why.
    pub fn judge(&self, household: &DeclaredHousehold, child: &DeclaredChild) -> (i32, PointsReason) {
        let met = match self {
            Self::ChildDisability(_) => child.disability,
            Self::ChildLearningDisorder(_) => child.learning_disorder,
            Self::ChildOtherFragility(_) => child.other_fragility,
            Self::SingleParent(_) => household.single_parent,
            Self::BothParentsWorking(_) => household.both_parents_working,
            Self::ShiftWork(_) => household.shift_work,
            Self::NoRelativesNearby(_) => household.no_relatives_nearby,
            Self::WomanEntrepreneur(_) => household.woman_entrepreneur,
            Self::IseeUpTo(isee) => {
                return match household.isee {
                    Some(value) if value <= isee.threshold => (isee.points, PointsReason::IseeWithinThreshold),
                    Some(_) => (0, PointsReason::IseeAboveThreshold),
                    None => (0, PointsReason::IseeMissing),
                };
            }
        };
        if met { (self.points(), PointsReason::Declared) } else { (0, PointsReason::NotDeclared) }
    }
}

impl Validate for Criterion {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::new();
        if !(1..=1000).contains(&self.points()) {
            errors.add("points", ValidationError::new("range"));
        }
        if self.threshold().is_some_and(|threshold| threshold < Money::ZERO) {
            errors.add("threshold", ValidationError::new("range"));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// Each criterion at most once; `isee_up_to` once for each threshold.
pub fn distinct_criteria(criteria: &[Criterion]) -> Result<(), ValidationError> {
    let repeated = criteria.iter().enumerate().any(|(at, criterion)| {
        criteria[..at]
            .iter()
            .any(|other| (other.name(), other.threshold()) == (criterion.name(), criterion.threshold()))
    });
    if repeated { Err(ValidationError::new("duplicate")) } else { Ok(()) }
}

text_enum! {
    /// How lines with equal points are ordered. What remains equal follows the protocol number and the line.
    pub enum TieBreak {
        /// Lower ISEE first, missing ISEE last.
        IseeAscending = "isee_ascending",
        /// Earlier submission first.
        SubmittedAtAscending = "submitted_at_ascending",
        /// Younger child first.
        YoungestFirst = "youngest_first",
    }
}

/// Each tie-break at most once.
pub fn distinct_tie_breaks(tie_breaks: &[TieBreak]) -> Result<(), ValidationError> {
    let repeated = tie_breaks.iter().enumerate().any(|(at, tie_break)| tie_breaks[..at].contains(tie_break));
    if repeated { Err(ValidationError::new("duplicate")) } else { Ok(()) }
}

/// All that a ranking needs to know of its call; kept with the ranking, so that it can be run again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub budget: Money,
    pub first_award_share: Share,
    pub value_per_child: Money,
    /// EUR that one household may get at most.
    pub household_cap: Option<Money>,
    pub minimum_age: i16,
    pub maximum_age: i16,
    /// The day on which ages are reckoned: the one on which the call closes.
    pub ages_on: NaiveDate,
    pub criteria: Vec<Criterion>,
    pub tie_breaks: Vec<TieBreak>,
}

impl Terms {
    /// EUR that the first ranking may award.
    pub fn available(&self) -> Money {
        self.first_award_share.of(self.budget)
    }

    /// Whether a child of this birth date has an admitted age when the call closes.
    pub fn admits_birth_date(&self, birth_date: NaiveDate) -> bool {
        concilia_kernel::clock::age_on(birth_date, self.ages_on).is_some_and(|age| {
            i16::try_from(age).is_ok_and(|age| (self.minimum_age..=self.maximum_age).contains(&age))
        })
    }
}
