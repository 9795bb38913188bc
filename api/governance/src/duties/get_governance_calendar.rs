use crate::meetings::{MeetingSummary, of_year};
use crate::rules::duties::{DutyState, duty};
use crate::rules::states::{BodyKind, MeetingState};
use crate::settings;
use actix_web::get;
use actix_web::web::{self, Data};
use chrono::Datelike;
use concilia_kernel::extract::Query;
use concilia_kernel::{Actor, Db, Problem, today};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// Which year.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct GovernanceCalendarQuery {
    /// The calendar year (in Italy); the present one unless told.
    #[validate(range(min = 2000, max = 2099))]
    #[param(minimum = 2000, maximum = 2099, format = Int32)]
    pub year: Option<i32>,
}

/// How often the bodies met in a year, against how often they must.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "year": 2026, "duties": [{"body_kind": "committee", "required": 2, "held": 1, "convened": 1, "state": "planned",
                              "meetings": []},
                             {"body_kind": "assembly", "required": 1, "held": 0, "convened": 0, "state": "missing", "meetings": []}]
}))]
pub struct GovernanceCalendar {
    /// The year.
    #[schema(format = Int32, minimum = 2000, maximum = 2099)]
    pub year: i32,
    /// A duty each of the committee and of the assembly.
    #[schema(min_items = 2, max_items = 2)]
    pub duties: Vec<MeetingDuty>,
}

/// A yearly duty to meet.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeetingDuty {
    /// Whose.
    pub body_kind: BodyKind,
    /// Least meetings in the year.
    #[schema(format = Int32, minimum = 0)]
    pub required: i16,
    /// Meetings held, of the committee with its quorum.
    #[schema(minimum = 0)]
    pub held: usize,
    /// Meetings convened and not yet over.
    #[schema(minimum = 0)]
    pub convened: usize,
    /// How the duty stands.
    pub state: DutyState,
    /// The meetings that count, in the order of their dates.
    #[schema(min_items = 0, max_items = 500)]
    pub meetings: Vec<MeetingSummary>,
}

/// Read the calendar of governance
///
/// Whether committee and assembly meet as often in a year as they must: at least 2 meetings and 1, or as many more
/// as the territory's terms ask.
#[utoipa::path(
    tag = "governance",
    params(GovernanceCalendarQuery),
    responses((status = 200, description = "The year's duties.", body = GovernanceCalendar)),
)]
#[get("/v1/governance-calendar")]
pub async fn get_governance_calendar(
    actor: Actor,
    db: Data<Db>,
    query: Query<GovernanceCalendarQuery>,
) -> Result<web::Json<GovernanceCalendar>, Problem> {
    let year = query.year.unwrap_or_else(|| today().year());
    let reader = db.reader().await?;
    let settings = settings::find(&mut &**reader, actor.territory_id).await?.settings;
    let mut meetings = of_year(&mut &**reader, actor.territory_id, year).await?;
    let required =
        [(BodyKind::Committee, settings.committee_meetings), (BodyKind::Assembly, settings.assembly_meetings)];
    let duties = required.into_iter().map(|(body_kind, required)| {
        let (own, others) = std::mem::take(&mut meetings).into_iter().partition(|one| one.body_kind == body_kind);
        meetings = others;
        let own: Vec<MeetingSummary> = own;
        let held = own.iter().filter(|one| one.state == MeetingState::Held).count();
        let convened = own.len() - held;
        let state = duty(usize::try_from(required).unwrap_or(0), held, convened);
        MeetingDuty { body_kind, required, held, convened, state, meetings: own }
    });
    Ok(web::Json(GovernanceCalendar { year, duties: duties.collect() }))
}
