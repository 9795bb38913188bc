//! An allocation as it comes out: every step of every row, and the sums.

use super::portion::Portion;
use concilia_kernel::{Money, Ratio, text_enum};
use concilia_planning::Points;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

text_enum! {
    /// What became of a project in an allocation.
    pub enum AllocationOutcome {
        /// It gets something.
        Funded = "funded",
        /// Its score is below the call's minimum.
        BelowMinimumScore = "below_minimum_score",
        /// Its score is below the lowest band.
        BelowLowestBand = "below_lowest_band",
        /// The budget ended before it.
        BudgetExhausted = "budget_exhausted",
        /// Its percentage or its admissible amount leave it less than a cent.
        NothingDue = "nothing_due",
    }
}

/// How the method came to a project's amount, before any residue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AllocationBasis {
    /// The score is too low for the method to be applied.
    NotApplied {},
    /// A percentage of the admissible amount.
    Percentage(Product),
    /// Its turn down the list.
    Turn(Turn),
    /// A part of the budget by weight: score times admissible amount.
    AllocationWeight(AllocationWeight),
}

/// Admissible amount times percentage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Product {
    /// EUR before they are cut to the cent: up to six decimals.
    #[serde(with = "rust_decimal::serde::str")]
    #[schema(value_type = String, format = "decimal", max_length = 20, pattern = r"^\d{1,10}(\.\d{1,6})?$",
             example = "17400.00")]
    pub product: Decimal,
}

/// When its turn came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Turn {
    /// EUR left of the budget.
    pub left: Money,
    /// Whether the list had ended before it.
    pub ended: bool,
}

/// A part by weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AllocationWeight {
    /// The part; null without a weight.
    #[schema(required)]
    pub portion: Option<Portion>,
}

/// A project in an allocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    /// Place by score, from 1.
    pub position: i32,
    pub project_id: Uuid,
    pub reference: String,
    pub score: Points,
    pub requested: Money,
    pub admissible: Money,
    pub admissible_reason: Option<String>,
    /// From 1, the band of the highest scores.
    pub band: Option<i16>,
    pub percentage: Option<Ratio>,
    pub basis: AllocationBasis,
    /// What the method gives.
    pub base_amount: Money,
    /// What it gets of the residue, if it took part in it.
    pub residue_portion: Option<Portion>,
    pub assigned: Money,
    pub outcome: AllocationOutcome,
}

impl PlanRow {
    pub fn residue_share(&self) -> Money {
        self.assigned - self.base_amount
    }
}

/// Sums of a band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BandSum {
    /// From 1, the band of the highest scores.
    #[schema(format = Int32, minimum = 1, maximum = 12)]
    pub band: i16,
    /// Least score of the band, included.
    pub minimum_score: Points,
    /// Share of the admissible amounts.
    pub percentage: Ratio,
    /// Projects in it.
    #[schema(format = Int32, minimum = 0)]
    pub projects: i32,
    /// EUR requested.
    pub requested_grant: Money,
    /// EUR admissible.
    pub admissible_amount: Money,
    /// EUR that the percentage gives, each product cut to the cent.
    pub base_amount: Money,
    /// EUR of the residue.
    pub residue_share: Money,
    /// EUR assigned.
    pub assigned_grant: Money,
}

/// An allocation of a budget, or by how much it would exceed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub rows: Vec<PlanRow>,
    /// None in methods without bands.
    pub bands: Vec<BandSum>,
    pub budget: Money,
    pub requested: Money,
    pub admissible: Money,
    /// What the method gives, before the residue.
    pub base_amount: Money,
    pub assigned: Money,
    /// What stays unassigned: with `assigned` it is the budget, to the cent. Zero when the plan does not fit.
    pub residue: Money,
    /// By how much the plan exceeds the budget: zero when it fits.
    pub over_by: Money,
}

impl Plan {
    pub fn fits(&self) -> bool {
        self.over_by.is_zero()
    }

    pub fn funded(&self) -> usize {
        self.rows.iter().filter(|row| row.outcome == AllocationOutcome::Funded).count()
    }
}
