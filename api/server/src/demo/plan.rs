//! The published plan 2020-2023 of ATS della Val Padana, as data: the file that `check-plan` reads too.

use super::data::DataError;
use chrono::{Datelike, Months, NaiveDate};
use concilia_kernel::Money;
use concilia_network::OrganisationKind;
use concilia_planning::{InterventionType, LoadedTarget, Measure, PartnerRole};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

const PUBLISHED: &str = include_str!("../../../plan-check/examples/val-padana-2020-23.json");

/// What the demo takes of the file.
#[derive(Deserialize)]
pub(super) struct PublishedPlan {
    pub(super) plan: Head,
    pub(super) criteria: Vec<String>,
    pub(super) allocation: Allocation,
    pub(super) projects: Vec<PublishedProject>,
}

#[derive(Deserialize)]
pub(super) struct Head {
    pub(super) title: String,
    pub(super) from: i16,
    pub(super) to: i16,
    pub(super) address_document: PublishedAct,
    pub(super) resources: Resources,
    pub(super) expected: Expected,
}

#[derive(Deserialize)]
pub(super) struct PublishedAct {
    pub(super) act: String,
    pub(super) date: NaiveDate,
}

#[derive(Deserialize)]
pub(super) struct Resources {
    pub(super) local_alliances: Money,
    pub(super) system_actions: Money,
}

#[derive(Deserialize)]
pub(super) struct Expected {
    pub(super) citizens: i32,
    pub(super) companies: i32,
}

#[derive(Deserialize)]
pub(super) struct Allocation {
    pub(super) budget: Money,
    pub(super) final_band_percentages: Vec<String>,
    pub(super) rows: Vec<AllocationRow>,
}

#[derive(Deserialize)]
pub(super) struct AllocationRow {
    pub(super) lead: String,
    pub(super) score: i64,
    pub(super) band: usize,
    pub(super) assigned: Money,
}

#[derive(Deserialize)]
pub(super) struct PublishedProject {
    #[serde(rename = "ref")]
    pub(super) reference: String,
    pub(super) title: String,
    pub(super) alliance: String,
    pub(super) lead: String,
    pub(super) open_alliance: bool,
    pub(super) intervention_types: Vec<InterventionType>,
    pub(super) partners: Vec<PublishedPartner>,
    pub(super) start: Option<NaiveDate>,
    pub(super) end: Option<NaiveDate>,
    pub(super) calendar_months: Option<u32>,
    pub(super) budget: Budget,
    /// Partner, monetary, in kind.
    pub(super) cofinancing: Vec<(String, Money, Money)>,
    pub(super) activities: Vec<PublishedActivity>,
    pub(super) network_links: NetworkLinks,
}

#[derive(Deserialize)]
pub(super) struct PublishedPartner {
    pub(super) name: String,
    pub(super) role: PartnerRole,
    #[expect(dead_code, reason = "read so that a kind the network does not know is found at once")]
    kind: OrganisationKind,
}

#[derive(Deserialize)]
pub(super) struct Budget {
    #[serde(rename = "A")]
    pub(super) staff: Money,
    #[serde(rename = "A_coordination", default)]
    pub(super) coordination: Money,
    #[serde(rename = "B")]
    pub(super) goods: Money,
    #[serde(rename = "C")]
    pub(super) services: Money,
    #[serde(rename = "D")]
    pub(super) vouchers: Money,
    #[serde(rename = "E")]
    pub(super) general: Money,
    pub(super) requested: Money,
}

#[derive(Deserialize)]
pub(super) struct NetworkLinks {
    pub(super) whp: bool,
    pub(super) zone_plan: bool,
}

#[derive(Deserialize)]
pub(super) struct PublishedActivity {
    #[serde(rename = "n")]
    pub(super) number: i16,
    pub(super) title: String,
    /// First and last month, counted from 1.
    months: Option<(u32, u32)>,
    /// The only months, counted from 1.
    month_list: Option<Vec<u32>>,
    from: Option<String>,
    to: Option<String>,
    #[serde(default)]
    targets: BTreeMap<String, Value>,
}

impl PublishedPlan {
    pub(super) fn read() -> Result<Self, DataError> {
        Ok(serde_json::from_str(PUBLISHED)?)
    }

    /// The final score of the project that an organisation leads.
    pub(super) fn score(&self, lead: &str) -> Result<i64, DataError> {
        let row = self.allocation.rows.iter().find(|row| row.lead == lead);
        row.map(|row| row.score).ok_or_else(|| DataError(format!("no score for {lead}")))
    }

    /// What was assigned to the project that an organisation leads.
    pub(super) fn assigned(&self, lead: &str) -> Result<Money, DataError> {
        let row = self.allocation.rows.iter().find(|row| row.lead == lead);
        row.map(|row| row.assigned).ok_or_else(|| DataError(format!("no grant for {lead}")))
    }

    /// The least score of each band, best first.
    pub(super) fn band_minimums(&self) -> Vec<i64> {
        let bands = 1..=self.allocation.final_band_percentages.len();
        let rows = &self.allocation.rows;
        bands
            .map(|band| rows.iter().filter(|row| row.band == band).map(|row| row.score).min().unwrap_or(0))
            .collect()
    }
}

impl PublishedProject {
    /// First and last day. Where the sheet names none, it runs from July 2020 for the months of its calendar.
    pub(super) fn days(&self) -> Result<(NaiveDate, NaiveDate), DataError> {
        let first = NaiveDate::from_ymd_opt(2020, 7, 1).ok_or_else(|| DataError("no first day".into()))?;
        let start = self.start.unwrap_or(first);
        let months = self.calendar_months.unwrap_or(12);
        let end = start.checked_add_months(Months::new(months)).and_then(|day| day.pred_opt());
        let end = self.end.or(end).ok_or_else(|| DataError("no last day".into()))?;
        Ok((start, end))
    }
}

impl PublishedActivity {
    /// First days of the months in which it runs; one without a calendar runs as long as its project.
    pub(super) fn months(&self, (start, end): (NaiveDate, NaiveDate)) -> Vec<NaiveDate> {
        let first = start.with_day(1).unwrap_or(start);
        let nth = |n: u32| first.checked_add_months(Months::new(n.saturating_sub(1))).unwrap_or(first);
        if let Some(list) = &self.month_list {
            return list.iter().map(|n| nth(*n)).collect();
        }
        let day = |text: &Option<String>| text.as_ref().and_then(|text| format!("{text}-01").parse().ok());
        let (from, to) = match self.months {
            Some((from, to)) => (nth(from), nth(to)),
            None => (day(&self.from).unwrap_or(first), day(&self.to).unwrap_or(end)),
        };
        std::iter::successors(Some(from), |day: &NaiveDate| day.checked_add_months(Months::new(1)))
            .take_while(|day| *day <= to)
            .collect()
    }

    /// Targets in the measures of the product; those for no year are of the first.
    pub(super) fn targets(&self, start: NaiveDate) -> Vec<LoadedTarget> {
        let first_year = start.year() as i16;
        let mut targets: BTreeMap<(i16, &str), LoadedTarget> = BTreeMap::new();
        for (name, value) in &self.targets {
            let measure = match name.as_str() {
                "workers" | "children" | "workers_reachable" | "aspiring_entrepreneurs" => Measure::People,
                "companies" => Measure::Companies,
                "events" | "seminars" | "webinars" => Measure::Events,
                _ => continue,
            };
            let years: Vec<(i16, i64)> = match value {
                Value::Object(years) => {
                    years.iter().filter_map(|(year, n)| Some((year.parse().ok()?, n.as_i64()?))).collect()
                }
                value => value.as_i64().map(|n| (first_year, n)).into_iter().collect(),
            };
            for (year, expected) in years {
                let expected = i32::try_from(expected).unwrap_or_default();
                let new = LoadedTarget { year, measure, expected: 0 };
                targets.entry((year, measure.as_str())).or_insert(new).expected += expected;
            }
        }
        targets.into_values().filter(|target| target.expected > 0).collect()
    }
}
