use crate::rules::intervention_type::InterventionType;
use crate::rules::project_state::ProjectState;
use crate::schema::projects;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::{Code, Money, Problem};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// What other contexts ask of a project.
#[derive(Debug, Clone)]
pub struct ProjectSummary {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub reference: String,
    pub title: String,
    /// Name of its alliance, where it has one.
    pub alliance: Option<String>,
    pub lead_organisation_id: Uuid,
    /// `None` for a project that was entered as already running.
    pub project_call_id: Option<Uuid>,
    pub state: ProjectState,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    /// Whether it may gain partners while it runs.
    pub open_alliance: bool,
    pub intervention_types: Vec<InterventionType>,
    pub costs: CostItems,
    /// EUR that all the cost items come to.
    pub total: Money,
    /// EUR asked of the agency.
    pub requested_grant: Money,
    pub submitted_at: Option<DateTime<Utc>>,
    /// The project that absorbed it.
    pub merged_into: Option<Uuid>,
    pub version: i64,
}

/// The budget by cost item, in EUR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Queryable, Selectable)]
#[diesel(table_name = projects)]
pub struct CostItems {
    /// A: staff, internal and external.
    #[diesel(column_name = cost_staff)]
    pub staff: Money,
    /// Part of A that goes to coordination, monitoring and reporting.
    #[diesel(column_name = cost_coordination)]
    pub coordination: Money,
    /// B: goods and software.
    #[diesel(column_name = cost_goods)]
    pub goods: Money,
    /// C: services bought.
    #[diesel(column_name = cost_services)]
    pub services: Money,
    /// D: vouchers and reimbursements to families.
    #[diesel(column_name = cost_vouchers)]
    pub vouchers: Money,
    /// E: general costs.
    #[diesel(column_name = cost_general)]
    pub general: Money,
}

impl CostItems {
    /// A + B + C + D + E; coordination is part of A.
    pub fn total(&self) -> Money {
        [self.staff, self.goods, self.services, self.vouchers, self.general].into_iter().sum()
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = projects)]
struct Row {
    id: Uuid,
    territory_id: Uuid,
    reference: String,
    title: String,
    alliance: Option<String>,
    lead_organisation_id: Uuid,
    project_call_id: Option<Uuid>,
    state: ProjectState,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    open_alliance: bool,
    intervention_types: Vec<Option<InterventionType>>,
    #[diesel(embed)]
    costs: CostItems,
    requested_grant: Money,
    submitted_at: Option<DateTime<Utc>>,
    merged_into: Option<Uuid>,
    version: i64,
}

impl From<Row> for ProjectSummary {
    fn from(row: Row) -> Self {
        Self {
            total: row.costs.total(),
            id: row.id,
            territory_id: row.territory_id,
            reference: row.reference,
            title: row.title,
            alliance: row.alliance,
            lead_organisation_id: row.lead_organisation_id,
            project_call_id: row.project_call_id,
            state: row.state,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            open_alliance: row.open_alliance,
            intervention_types: row.intervention_types.into_iter().flatten().collect(),
            costs: row.costs,
            requested_grant: row.requested_grant,
            submitted_at: row.submitted_at,
            merged_into: row.merged_into,
            version: row.version,
        }
    }
}

impl ProjectSummary {
    /// Refuses with 409 a project that is not under way: it has no money to spend yet, or no longer.
    pub fn require_running(&self) -> Result<(), Problem> {
        if self.state.is_running() {
            return Ok(());
        }
        Err(Problem::new(Code::Conflict).explain(
            format!("Il progetto {} non è in corso: il suo stato è «{}».", self.reference, self.state),
            format!("Project {} is not under way: its state is '{}'.", self.reference, self.state),
        ))
    }
}

/// A project of the territory, if there is one of that id.
pub async fn find_project<C>(conn: &mut C, territory_id: Uuid, id: Uuid) -> QueryResult<Option<ProjectSummary>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found: Option<Row> = projects::table
        .filter(projects::territory_id.eq(territory_id))
        .filter(projects::id.eq(id))
        .select(Row::as_select())
        .get_result(conn)
        .await
        .optional()?;
    Ok(found.map(ProjectSummary::from))
}

/// Those of `ids` that are projects of the territory, in no order.
pub async fn find_projects<C>(conn: &mut C, territory_id: Uuid, ids: &[Uuid]) -> QueryResult<Vec<ProjectSummary>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found: Vec<Row> = projects::table
        .filter(projects::territory_id.eq(territory_id))
        .filter(projects::id.eq_any(ids))
        .order(projects::reference)
        .select(Row::as_select())
        .load(conn)
        .await?;
    Ok(found.into_iter().map(ProjectSummary::from).collect())
}

/// As [`find_project`], locked until the transaction ends. Who locks a call as well locks the call first.
pub async fn hold_project(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<ProjectSummary>> {
    let found: Option<Row> = projects::table
        .filter(projects::territory_id.eq(territory_id))
        .filter(projects::id.eq(id))
        .select(Row::as_select())
        .for_update()
        .get_result(conn)
        .await
        .optional()?;
    Ok(found.map(ProjectSummary::from))
}

/// The projects of a call that are in one of `states`, in the order in which they were drafted.
pub async fn list_call_projects<C>(
    conn: &mut C,
    territory_id: Uuid,
    project_call_id: Uuid,
    states: &[ProjectState],
) -> QueryResult<Vec<ProjectSummary>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found: Vec<Row> = projects::table
        .filter(projects::territory_id.eq(territory_id))
        .filter(projects::project_call_id.eq(project_call_id))
        .filter(projects::state.eq_any(states))
        .order(projects::id)
        .select(Row::as_select())
        .load(conn)
        .await?;
    Ok(found.into_iter().map(ProjectSummary::from).collect())
}
