use crate::rules::intervention_type::InterventionType;
use crate::rules::month::Month;
use chrono::NaiveDate;
use concilia_kernel::problem::Text;
use concilia_kernel::{Code, FieldError, Problem, checks};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// Most months of a project: ten years.
const LONGEST: usize = 120;

/// What the lead writes of a project, but for its budget, partners and activities.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "ALICE. Attivare leve, innescare circoli di energia", "alliance": "Alleanza locale Ambito di Cremona",
    "summary": "Servizi estivi sperimentali e maggiordomi di comunità.", "starts_on": "2020-06-01",
    "ends_on": "2021-08-31", "intervention_types": ["a", "b"], "open_alliance": true, "whp_link": false,
    "zone_plan_link": true
}))]
pub struct ProjectContent {
    /// What it is called.
    #[schema(min_length = 1, max_length = 300, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 300), custom(function = "checks::line"))]
    pub title: String,
    /// Name of the alliance.
    #[schema(min_length = 1, max_length = 300, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 300), custom(function = "checks::line"))]
    pub alliance: String,
    /// What it is about.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 4000), custom(function = "checks::text"))]
    pub summary: Option<String>,
    /// First day.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::day_of_the_century"))]
    pub starts_on: NaiveDate,
    /// Last day, within 120 calendar months of the first, both ends included.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::day_of_the_century"))]
    pub ends_on: NaiveDate,
    /// Types of intervention, each once.
    #[schema(value_type = std::collections::HashSet<InterventionType>, min_items = 0, max_items = 6)]
    #[validate(length(max = 6), custom(function = "distinct_types"))]
    pub intervention_types: Vec<InterventionType>,
    /// Whether it may gain partners while it runs.
    pub open_alliance: bool,
    /// Whether it is tied to the network of workplaces that promote health (WHP).
    pub whp_link: bool,
    /// Whether it is tied to the zone plan.
    pub zone_plan_link: bool,
}

fn distinct_types(types: &[InterventionType]) -> Result<(), ValidationError> {
    checks::distinct(types)
}

impl ProjectContent {
    /// The rules that look at several fields together.
    pub(crate) fn check_together(&self) -> Result<(), Problem> {
        require_duration((self.starts_on, self.ends_on), "/ends_on")
    }
}

/// A project ends when it starts or later, and within 120 calendar months; `pointer` names its last day.
pub fn require_duration((starts_on, ends_on): (NaiveDate, NaiveDate), pointer: &str) -> Result<(), Problem> {
    let refuse = |error: FieldError| {
        let error = error.value(ends_on.to_string());
        Err(Problem::new(Code::ValidationFailed).with_error(error))
    };
    if ends_on < starts_on {
        return refuse(FieldError::pointer(pointer, "date_order"));
    }
    if Month::between(starts_on, ends_on).len() > LONGEST {
        return refuse(FieldError::pointer(pointer, "range").explain(&Text::new(
            format!("il progetto dura al massimo {LONGEST} mesi di calendario"),
            format!("a project lasts {LONGEST} calendar months at most"),
        )));
    }
    Ok(())
}
