//! Whole projects at once, for the demo and for imports of past plans.

use crate::partners::PartnerRole;
use crate::rules::intervention_type::InterventionType;
use crate::rules::project_state::ProjectState;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::{Money, Problem};
use diesel::sql_query;
use diesel::sql_types::{Jsonb, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use uuid::Uuid;

use super::Measure;

/// A project as the documents of the past tell of it. The caller vouches for what drafting and submitting would check.
#[derive(Debug, Serialize)]
pub struct LoadedProject<'a> {
    pub id: Uuid,
    pub project_call_id: Uuid,
    /// `<number of the call>.<n>`.
    pub reference: &'a str,
    pub title: &'a str,
    pub alliance: &'a str,
    pub lead_organisation_id: Uuid,
    pub state: ProjectState,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub open_alliance: bool,
    pub intervention_types: &'a [InterventionType],
    pub whp_link: bool,
    pub zone_plan_link: bool,
    /// A, of which coordination; then B to E.
    pub cost_staff: Money,
    pub cost_coordination: Money,
    pub cost_goods: Money,
    pub cost_services: Money,
    pub cost_vouchers: Money,
    pub cost_general: Money,
    pub requested_grant: Money,
    pub submitted_at: DateTime<Utc>,
    /// The lead among them.
    pub partners: Vec<LoadedPartner>,
    pub activities: Vec<LoadedActivity<'a>>,
}

/// A partner with its mandate and what it puts in.
#[derive(Debug, Serialize)]
pub struct LoadedPartner {
    pub organisation_id: Uuid,
    pub role: PartnerRole,
    pub mandate_on: NaiveDate,
    pub monetary: Money,
    pub in_kind: Money,
}

/// An activity with its calendar and its targets.
#[derive(Debug, Serialize)]
pub struct LoadedActivity<'a> {
    pub id: Uuid,
    pub number: i16,
    pub title: &'a str,
    /// First days of months.
    pub months: Vec<NaiveDate>,
    pub targets: Vec<LoadedTarget>,
}

/// What an activity is expected to reach in a year.
#[derive(Debug, Serialize)]
pub struct LoadedTarget {
    pub year: i16,
    pub measure: Measure,
    /// Above zero.
    pub expected: i32,
}

/// The project, its partners, what they put in (signed off when it was submitted), its activities, their targets.
const STATEMENTS: [&str; 5] = [
    "INSERT INTO projects (id, territory_id, project_call_id, reference, title, alliance, lead_organisation_id, state, starts_on, \
       ends_on, open_alliance, intervention_types, whp_link, zone_plan_link, cost_staff, cost_coordination, cost_goods, \
       cost_services, cost_vouchers, cost_general, requested_grant, submitted_at) \
     SELECT id, $1, project_call_id, reference, title, alliance, lead_organisation_id, state, starts_on, ends_on, open_alliance, \
       intervention_types, whp_link, zone_plan_link, cost_staff, cost_coordination, cost_goods, cost_services, cost_vouchers, \
       cost_general, requested_grant, submitted_at FROM jsonb_populate_record(NULL::projects, $2)",
    "INSERT INTO project_partners (territory_id, project_id, organisation_id, role, mandate_on) \
     SELECT $1, ($2->>'id')::uuid, p.organisation_id, p.role, p.mandate_on \
     FROM jsonb_populate_recordset(NULL::project_partners, $2->'partners') p",
    "INSERT INTO cofinancing_lines (territory_id, project_id, organisation_id, monetary, in_kind, signed_off_at) \
     SELECT $1, ($2->>'id')::uuid, l.organisation_id, l.monetary, l.in_kind, ($2->>'submitted_at')::timestamptz \
     FROM jsonb_populate_recordset(NULL::cofinancing_lines, $2->'partners') l WHERE l.monetary + l.in_kind > 0",
    "INSERT INTO project_activities (id, territory_id, project_id, number, title, months) \
     SELECT a.id, $1, ($2->>'id')::uuid, a.number, a.title, a.months \
     FROM jsonb_populate_recordset(NULL::project_activities, $2->'activities') a",
    "INSERT INTO activity_targets (territory_id, activity_id, year, measure, expected) \
     SELECT $1, (a.item->>'id')::uuid, t.year, t.measure, t.expected FROM jsonb_array_elements($2->'activities') a (item), \
       jsonb_populate_recordset(NULL::activity_targets, a.item->'targets') t",
];

/// Enters a project whole, in the state given.
pub async fn load_project(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project: &LoadedProject<'_>,
) -> Result<(), Problem> {
    let whole = serde_json::to_value(project).map_err(Problem::internal)?;
    for statement in STATEMENTS {
        sql_query(statement).bind::<SqlUuid, _>(territory_id).bind::<Jsonb, _>(&whole).execute(conn).await?;
    }
    Ok(())
}
